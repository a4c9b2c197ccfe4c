import Contracts
import Database
import Ethereum
import Identity
import Ledger
import Logging
import Overlay
import StorageModel
import Upkeep
import WireMessages

extension ChannelKeeper {
    /// Opens channels for farmers that earn enough and have none.
    func open(_ expected: [NodeID: TokenAmount]) async throws {
        let threshold = try await threshold()
        var proposed: [ChannelRecord] = []
        for farmer in try await database.read({ try FarmerRecord.fetchAll(in: $0) }) {
            guard farmer.channel == nil, farmer.binding != nil, let node = parts.overlay.record(of: farmer.node),
                node.servesDownloads, node.features & NodeFeatures.farmer != 0
            else { continue }
            let pay = expected[farmer.node] ?? .zero
            guard pay >= threshold else { continue }
            do {
                if let record = try await propose(farmer, deposit: Self.rounded(max(pay, settings.leastDeposit))) {
                    proposed.append(record)
                }
            } catch let error as LedgerError {
                parts.logger.warning("ledger cannot be asked for channels", metadata: ["reason": "\(error)"])
                break
            }
        }
        for (_, group) in Dictionary(grouping: proposed, by: \.deposit).sorted(by: { $0.key < $1.key }) {
            for start in stride(from: 0, to: group.count, by: ChannelOperation.maximumCount) {
                let members = Array(group[start..<min(start + ChannelOperation.maximumCount, group.count)])
                try await openTogether(members)
            }
        }
    }

    /// What a farmer must earn in a month to get a channel.
    private func threshold() async throws -> TokenAmount {
        if let fixed = settings.channelThreshold { return fixed }
        let channel = channel(node: parts.identity.id, farmer: payment.payer.address, number: 0)
        let voucher = Voucher(channel: channel.id, cumulative: TokenAmount(1), period: 1, statement: Bytes32())
        let unsigned = Signature(r: Bytes32(), s: Bytes32(), parity: false)
        let claim = ChannelOperation.claim(channel, SignedVoucher(voucher: voucher, signature: unsigned))
        do {
            return try await payment.backend.fee(of: .channel(claim))?.multiplied(by: 20) ?? .zero
        } catch is LedgerError {
            // Without a ledger no channel can be opened anyway.
            return TokenAmount(.max)
        } catch is SettlementError {
            return TokenAmount(.max)
        }
    }

    /// Writes a channel into the books; takes over one that is on the ledger already.
    private func propose(_ farmer: FarmerRecord, deposit: TokenAmount) async throws -> ChannelRecord? {
        let known = try await database.read { try ChannelRecord.fetch(node: farmer.node, in: $0) }
        if let waiting = known.last(where: { $0.state == .proposed && $0.channel.farmer == farmer.wallet }) {
            return waiting.operation == nil ? waiting : nil
        }
        let number = (known.last?.number).map { $0 + 1 } ?? 0
        let channel = channel(node: farmer.node, farmer: farmer.wallet, number: number)
        var record = ChannelRecord(node: farmer.node, number: number, channel: channel, deposit: deposit)
        if let ledger = try await payment.backend.channel(record.id) {
            // The books are older than the ledger: the farmer is asked for its voucher before another is signed.
            record.take(ledger)
        } else {
            noteNew(record.id)
        }
        try await database.write { [record] session in
            try record.save(in: session)
            guard record.state.takesVouchers, var farmer = try FarmerRecord.fetch(record.node, in: session) else { return }
            farmer.channel = record.id
            try farmer.save(in: session)
        }
        try reached(.channelProposed)
        return record.state == .proposed ? record : nil
    }

    /// Opens channels with one operation.
    private func openTogether(_ members: [ChannelRecord]) async throws {
        let id = OperationID.random(using: parts.random)
        let ids = members.map(\.id)
        let noted = try await database.write { session in
            var noted: [ChannelRecord] = []
            for channel in ids {
                guard var record = try ChannelRecord.fetch(channel, in: session), var farmer = try FarmerRecord.fetch(
                    record.node, in: session)
                else { continue }
                record.operation = id
                record.operationKind = .open
                record.operationAmount = record.deposit
                try record.save(in: session)
                farmer.channel = record.id
                try farmer.save(in: session)
                noted.append(record)
            }
            return noted
        }
        do { try await submitOpen(noted) } catch let error as LedgerError {
            // The next run submits it again, under the same id.
            parts.logger.warning("channels cannot be opened now", metadata: ["reason": "\(error)"])
        }
    }

    /// Submits the opening of channels that share an operation.
    func submitOpen(_ members: [ChannelRecord]) async throws {
        guard let first = members.first, let id = first.operation else { return }
        let operation =
            members.count == 1
            ? ChannelOperation.open(first.channel, first.operationAmount)
            : .openMany(members.sorted { $0.id < $1.id }.map(\.channel), first.operationAmount)
        do {
            _ = try await payment.backend.submit(.channel(operation), by: payment.payer, id: id)
        } catch let error as SettlementError {
            parts.logger.warning(
                "ledger refused to open channels", metadata: ["count": "\(members.count)", "reason": "\(error)"])
            try await release(members, "\(error)")
            return
        }
        try reached(.channelSubmitted)
    }

    /// Lets go of an opening that failed: it is tried again, and roots pay until then.
    func release(_ members: [ChannelRecord], _ reason: String) async throws {
        let ids = members.map(\.id)
        try await database.write { session in
            for id in ids {
                guard var record = try ChannelRecord.fetch(id, in: session), record.state == .proposed else { continue }
                record.operation = nil
                record.lastError = reason
                try record.save(in: session)
                guard var farmer = try FarmerRecord.fetch(record.node, in: session), farmer.channel == id else { continue }
                farmer.channel = nil
                try farmer.save(in: session)
            }
        }
    }

    /// An amount rounded up to 1, 2 or 5 times a power of ten: many farmers' channels then have the same deposit, and are
    /// opened together.
    static func rounded(_ amount: TokenAmount) -> TokenAmount {
        var power: UInt64 = 1
        while true {
            for factor: UInt64 in [1, 2, 5] {
                let (step, overflow) = power.multipliedReportingOverflow(by: factor)
                if overflow { return amount }
                if step >= amount.units { return TokenAmount(step) }
            }
            let (next, overflow) = power.multipliedReportingOverflow(by: 10)
            if overflow { return amount }
            power = next
        }
    }
}
