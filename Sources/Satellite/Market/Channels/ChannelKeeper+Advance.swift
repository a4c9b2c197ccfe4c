import Contracts
import Database
import Ethereum
import Ledger
import Logging
import Overlay
import StorageModel
import Upkeep

extension ChannelKeeper {
    /// Does everything about channels that can be done now: learns what became of operations, opens, fills, closes.
    func advance(expected: [NodeID: TokenAmount]) async throws {
        try await followAll(try await database.read { try ChannelRecord.fetchOpen(in: $0) }, expected)
        try await open(expected)
        let opened = try await database.read { try ChannelRecord.fetchOpen(in: $0) }
        try await followAll(opened.filter { $0.state == .proposed && $0.operation != nil }, expected)
    }

    private func followAll(_ channels: [ChannelRecord], _ expected: [NodeID: TokenAmount]) async throws {
        let books = try await database.read { session in
            Books(
                current: Dictionary(
                    try FarmerRecord.fetchAll(in: session).map { ($0.node, $0.channel) }, uniquingKeysWith: { first, _ in first }),
                hasOpenPeriods: try !PaymentRecord.fetchOpen(in: session).isEmpty)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, channel) in channels.enumerated() {
                if index >= settings.concurrency { try await group.next() }
                group.addTask {
                    do { try await self.follow(channel, books, expected: expected[channel.node]) } catch let error as LedgerError {
                        // The ledger cannot be asked now; vouchers go on without it.
                        self.forgetCheck(channel.id)
                        try await self.note(error, channel.id)
                    }
                }
            }
            while try await group.next() != nil {}
        }
    }

    /// What is the same for all channels of a round.
    struct Books: Sendable {
        /// The channel that each farmer is paid by.
        let current: [NodeID: Bytes32?]
        /// Whether statements of some period wait.
        let hasOpenPeriods: Bool
    }

    private func note(_ error: any Error, _ id: Bytes32) async throws {
        try await change(id) { $0.lastError = "\(error)" }
        parts.logger.warning("channel cannot be worked on", metadata: ["reason": "\(error)"])
    }

    /// Changes a channel's row from its committed form. When that ends it, what comes back is booked with it, whoever
    /// closed it.
    @discardableResult func change(
        _ id: Bytes32, also: @escaping @Sendable (ChannelRecord, SQLSession) throws -> Void = { _, _ in },
        _ body: @escaping @Sendable (inout ChannelRecord) -> Void
    ) async throws -> ChannelRecord? {
        let now = now
        return try await database.write { session in
            guard var channel = try ChannelRecord.fetch(id, in: session) else { return nil }
            let before = channel.state
            body(&channel)
            if channel.state == .closed { channel.operation = nil }
            try channel.save(in: session)
            try also(channel, session)
            if before != .closed, channel.state == .closed { try Self.bookEnd(of: channel, now, in: session) }
            return channel
        }
    }

    private static func bookEnd(of channel: ChannelRecord, _ now: Timestamp, in session: SQLSession) throws {
        if var farmer = try FarmerRecord.fetch(channel.node, in: session), farmer.channel == channel.id {
            farmer.channel = nil
            try farmer.save(in: session)
        }
        guard let refund = channel.funded.subtracting(channel.claimed), refund > .zero else { return }
        let entry = try JournalEntry(
            id: "channel/\(Hexadecimal.encode(channel.id.bytes))/closed", time: now, refund,
            from: .channelDeposit(channel.id), to: .wallet, note: "channel closed")
        _ = try Journal.post(entry, in: session)
    }

    private func follow(_ record: ChannelRecord, _ books: Books, expected: TokenAmount?) async throws {
        var channel = record
        if let operation = channel.operation {
            guard let done = try await finish(operation, of: channel) else { return }
            channel = done
        }
        channel = try await check(channel)
        switch channel.state {
        case .proposed, .closed: return
        case .funded, .active, .paused:
            if isOver(channel, books) { return try await submit(.startClose, .zero, for: channel) }
            let limit = channel.deposit.units.multipliedFullWidth(by: settings.topUpPercent)
            let isLow = channel.left.units.multipliedFullWidth(by: 100) < limit
            guard isLow else { return }
            let wanted = max(channel.deposit, expected ?? .zero)
            let missing = channel.promised.subtracting(channel.funded) ?? .zero
            guard let amount = wanted.adding(missing) else { return }
            try await submit(.topUp, amount, for: channel)
        case .draining:
            let seconds = try await payment.backend.time().seconds
            guard let end = channel.closesAt, seconds >= end else { return }
            try await submit(.finishClose, .zero, for: channel)
        }
    }

    /// Whether nothing more will be promised in a channel: the node has gone, or is paid in another way.
    private func isOver(_ channel: ChannelRecord, _ books: Books) -> Bool {
        guard let current = books.current[channel.node], current == channel.id else { return true }
        // What was earned to the end is stated first.
        let isGone = parts.overlay.record(of: channel.node).map { !$0.servesDownloads } ?? true
        return isGone && !books.hasOpenPeriods
    }

    // MARK: Operations

    /// Keeps an operation's id, then submits it.
    func submit(_ kind: ChannelRecord.Operation, _ amount: TokenAmount, for channel: ChannelRecord) async throws {
        let id = OperationID.random(using: parts.random)
        guard
            let noted = try await change(
                channel.id,
                {
                    $0.operation = id
                    $0.operationKind = kind
                    $0.operationAmount = amount
                })
        else { return }
        try await submit(noted)
    }

    /// Submits what a channel's row names, for the first time or again.
    private func submit(_ channel: ChannelRecord) async throws {
        guard let id = channel.operation else { return }
        let operation: ChannelOperation =
            switch channel.operationKind {
            case .open: .open(channel.channel, channel.operationAmount)
            case .topUp: .topUp(channel.id, channel.operationAmount)
            case .startClose: .startClose(channel.channel)
            case .finishClose: .finishClose(channel.channel)
            }
        do { _ = try await payment.backend.submit(.channel(operation), by: payment.payer, id: id) } catch let error
            as SettlementError
        {
            return try await fail(channel, "\(error)")
        }
        try reached(.channelSubmitted)
        if case .final = try await payment.backend.status(of: id) { _ = try await settle(channel) }
    }

    /// What became of a channel's operation; nil while it is under way.
    private func finish(_ id: OperationID, of channel: ChannelRecord) async throws -> ChannelRecord? {
        switch try await payment.backend.status(of: id) {
        case .final: return try await settle(channel)
        case .included, .queued, .broadcast, .dropped: return nil
        case .failed(.refused(let error)):
            try await fail(channel, "\(error)")
            return nil
        case .failed(.other(let reason)):
            try await fail(channel, reason)
            return nil
        case .unknown:
            // The process ended between its books and the ledger.
            try await submitAgain(channel)
            return nil
        }
    }

    private func submitAgain(_ channel: ChannelRecord) async throws {
        let members = try await database.read { try ChannelRecord.fetchOpen(in: $0) }.filter {
            $0.operation == channel.operation
        }
        if members.count > 1 { return try await submitOpen(members) }
        try await submit(channel)
    }

    /// Lets go of an operation without effect; the next run tries another one.
    private func fail(_ channel: ChannelRecord, _ reason: String) async throws {
        parts.logger.warning(
            "ledger refused an operation on a channel", metadata: ["node": "\(channel.node)", "reason": "\(reason)"])
        if channel.state == .proposed { return try await release([channel], reason) }
        try await change(channel.id) {
            $0.operation = nil
            $0.lastError = reason
        }
    }

    /// Books an operation that is final, by what the ledger says now.
    private func settle(_ channel: ChannelRecord) async throws -> ChannelRecord? {
        guard let ledger = try await payment.backend.channel(channel.id) else { return nil }
        let kind = channel.operationKind
        let amount = channel.operationAmount
        let name = channel.operation.map { "\($0)" } ?? ""
        let now = now
        let settled = try await change(
            channel.id,
            also: { record, session in
                guard kind == .open || kind == .topUp else { return }
                // Several channels may be opened at once: the channel's id makes the entry its own.
                let entry = try JournalEntry(
                    id: "channel/\(Hexadecimal.encode(record.id.bytes))/\(name)", time: now, amount, from: .wallet,
                    to: .channelDeposit(record.id), note: kind == .open ? "channel opened" : "channel topped up")
                _ = try Journal.post(entry, in: session)
            }
        ) { record in
            record.take(ledger)
            record.operation = nil
            record.lastError = nil
            record.checkedAt = now
        }
        try reached(.channelStored)
        return settled
    }

    /// Looks a channel up on the ledger when that was long ago.
    private func check(_ channel: ChannelRecord) async throws -> ChannelRecord {
        let now = now
        guard channel.state != .proposed || channel.operation == nil, isDueForCheck(channel.id, channel.state),
            let ledger = try await payment.backend.channel(channel.id)
        else { return channel }
        var known = channel
        known.take(ledger)
        guard known != channel else { return channel }
        let checked = try await change(channel.id) { record in
            record.take(ledger)
            record.checkedAt = now
        }
        return checked ?? channel
    }
}
