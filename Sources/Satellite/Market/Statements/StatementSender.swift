import Chores
import Contracts
import DRPC
import Database
import Foundation
import Logging
import Overlay
import StorageModel
import Upkeep
import WireMessages

/// Brings statements and vouchers to farmers until they take them. What is sent is in the books; sending it twice is
/// harmless.
struct StatementSender: Sendable {
    /// Statements looked at in one round.
    private static let roundSize = 20_000
    /// Pauses double up to so many times the first one: about a day.
    private static let longestPause = 144

    let parts: UpkeepParts
    let settings: PaymentSettings
    let reached: @Sendable (PaymentStep) throws -> Void

    private var now: Timestamp { parts.clock.now().truncatedToMicroseconds }

    /// Sends what is due, a node's statements in their order.
    func advance() async throws {
        let now = now
        let due = try await parts.database.read {
            try StatementRecord.fetchWaiting(at: now, limit: Self.roundSize, in: $0)
        }
        let nodes = Dictionary(grouping: due, by: \.node).sorted { $0.key < $1.key }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, (node, statements)) in nodes.enumerated() {
                if index >= settings.concurrency { try await group.next() }
                group.addTask { try await send(statements.sorted { $0.period < $1.period }, to: node) }
            }
            while try await group.next() != nil {}
        }
    }

    private func send(_ statements: [StatementRecord], to id: NodeID) async throws {
        guard let node = parts.overlay.record(of: id) else { return }
        for statement in statements {
            guard try await send(statement, to: NodeURL(id: id, address: node.address)) else { return }
        }
    }

    /// - Returns: whether the node answered.
    private func send(_ record: StatementRecord, to url: NodeURL) async throws -> Bool {
        var request = Market_StatementRequest()
        request.statement = Data(record.signed.encoded)
        request.voucher = Data(record.voucher?.encoded ?? [])
        var record = record
        record.attempts += 1
        record.nextAttempt = now.advanced(
            by: settings.deliveryRetry * min(1 << min(record.attempts - 1, 10), Self.longestPause))
        let response: Market_StatementResponse
        do {
            let dialer = parts.dialer
            response = try await parts.sleeper.limit(to: settings.deliveryTimeout) { [request] in
                try await dialer.connect(to: url).call(FarmerMethods.deliver, request)
            }
        } catch {
            try Task.checkCancellation()
            record.refusal = "not delivered: \(error)"
            try await store(record)
            return false
        }
        try reached(.delivered)
        record.state = response.accepted ? .accepted : .refused
        record.refusal = response.accepted ? nil : String(response.refusal.prefix(Self.maximumRefusalSize))
        // What a node claims is kept as it is, within reason: people compare it.
        let theirs = Array(response.statement.prefix(Self.maximumStatementSize))
        record.theirs = response.accepted || theirs.isEmpty ? nil : theirs
        try await store(record)
        return true
    }

    private static let maximumRefusalSize = 500
    private static let maximumStatementSize = 256 << 10

    private func store(_ record: StatementRecord) async throws {
        try await parts.database.write { session in
            try record.saveDelivery(in: session)
            guard record.state != .waiting,
                var channel = try ChannelRecord.fetch(record.statement.channel, in: session), channel.state.takesVouchers
            else { return }
            let state: ChannelRecord.State = record.state == .refused ? .paused : channel.state == .funded ? .active : channel.state
            guard state != channel.state else { return }
            channel.state = state
            try channel.save(in: session)
        }
        if record.state == .refused {
            parts.logger.warning(
                "farmer refused a statement",
                metadata: ["node": "\(record.node)", "period": "\(record.period)", "reason": "\(record.refusal ?? "")"])
        }
        try reached(.deliveryStored)
    }
}
