import Chores
import Contracts
import DRPC
import Database
import Ethereum
import Foundation
import Identity
import Ledger
import Logging
import Overlay
import StorageModel
import Synchronization
import Upkeep
import WireMessages

/// Opens channels for farmers, fills them, watches them and closes them. Every operation has an id in the books before it
/// is submitted, so that a second try after a crash does nothing new.
final class ChannelKeeper: Sendable {
    let parts: UpkeepParts
    let settings: PaymentSettings
    let payment: PaymentParts
    let reached: @Sendable (PaymentStep) throws -> Void
    /// Channels whose farmers were asked for the highest voucher since this process began: books restored from a backup
    /// may know a lower one.
    private let asked = Mutex<Set<Bytes32>>([])
    /// When channels were last looked up on the ledger; a new process looks at all.
    private let checkedAt = Mutex<[Bytes32: Timestamp]>([:])

    init(
        parts: UpkeepParts, settings: PaymentSettings, payment: PaymentParts,
        reached: @escaping @Sendable (PaymentStep) throws -> Void
    ) {
        self.parts = parts
        self.settings = settings
        self.payment = payment
        self.reached = reached
    }

    var domain: SigningDomain { payment.backend.description.domains.channels }
    var now: Timestamp { parts.clock.now().truncatedToMicroseconds }
    var database: Database { parts.database }

    /// The channel a node is paid by; nil when it is paid by roots, or none is open yet.
    func current(of node: NodeID) async throws -> ChannelRecord? {
        try await database.read { session in
            guard let id = try FarmerRecord.fetch(node, in: session)?.channel else { return nil }
            return try ChannelRecord.fetch(id, in: session)
        }
    }

    // MARK: Lost books

    /// Whether vouchers of a channel may be signed in this process.
    func isAsked(_ id: Bytes32) -> Bool { asked.withLock { $0.contains(id) } }

    /// Whether a channel is to be looked up on the ledger again; if so, that is noted.
    func isDueForCheck(_ id: Bytes32, _ state: ChannelRecord.State) -> Bool {
        let now = now
        return checkedAt.withLock { checked in
            let isFresh = checked[id].map { now.duration(since: $0) < settings.channelCheckInterval } ?? false
            guard !isFresh || state == .draining else { return false }
            checked[id] = now
            return true
        }
    }

    func forgetCheck(_ id: Bytes32) { checkedAt.withLock { $0[id] = nil } }

    private func noteAsked(_ id: Bytes32) { asked.withLock { _ = $0.insert(id) } }

    /// Asks a farmer for the highest voucher it has, once in this process.
    ///
    /// - Returns: whether the books were older than it, and have changed.
    /// - Throws: whatever a call throws; then no voucher is signed for the channel.
    func askHighest(_ channel: ChannelRecord) async throws -> Bool {
        guard !isAsked(channel.id) else { return false }
        guard let node = parts.overlay.record(of: channel.node) else { throw MarketError.unknownNode(channel.node) }
        var request = Market_HighestVoucherRequest()
        request.channel = Data(channel.id.bytes)
        let (dialer, url) = (parts.dialer, NodeURL(id: node.id, address: node.address))
        let response = try await parts.sleeper.limit(to: settings.deliveryTimeout) { [request] in
            try await dialer.connect(to: url).call(FarmerMethods.highestVoucher, request)
        }
        if !response.voucher.isEmpty { try await adopt(Array(response.voucher), of: channel.node) }
        noteAsked(channel.id)
        let id = channel.id
        return try await database.read { try ChannelRecord.fetch(id, in: $0)?.voucher } != channel.voucher
    }

    /// Takes over a voucher that a node shows when it registers.
    ///
    /// - Throws: `MessageRefusal` for one that this satellite did not sign; `DatabaseError`.
    func adopt(_ bytes: [UInt8], from node: NodeID) async throws { try await adopt(bytes, of: node) }

    /// Goes on behind a voucher that is higher than what the books say: they are older than it.
    private func adopt(_ bytes: [UInt8], of node: NodeID) async throws {
        let (voucher, statement) = try Self.parse(bytes)
        let promise = voucher.voucher
        guard voucher.signature.isSigned(promise.digest(in: domain), by: payment.signer.address) else {
            throw MessageRefusal.wrongSignature("satellite")
        }
        if let statement {
            guard statement.statement.node == node, statement.statement.payerNode == parts.identity.id else {
                throw MessageRefusal.otherNode
            }
            let held = HeldVoucher(voucher: voucher, statement: statement)
            guard held.isSound(signer: payment.signer.address, in: domain) else {
                throw MessageRefusal.wrongSignature("satellite")
            }
        }
        var found = try await database.read { try ChannelRecord.fetch(promise.channel, in: $0) }
        if found == nil { found = try await lostChannel(promise.channel, node: node) }
        guard var channel = found, channel.node == node else {
            throw MessageRefusal.malformed("a channel that this satellite never opened with the node")
        }
        let isNewer =
            promise.cumulative > channel.promised
            || promise.cumulative == channel.promised && (channel.voucher?.voucher.period ?? 0) < promise.period
        guard isNewer else { return }
        channel.promised = promise.cumulative
        channel.voucher = voucher
        parts.logger.error(
            "the books are older than a farmer's voucher: going on behind it",
            metadata: ["node": "\(node)", "cumulative": "\(promise.cumulative)", "period": "\(promise.period)"])
        let now = now
        try await database.write { [channel] session in
            try channel.save(in: session)
            var farmer =
                try FarmerRecord.fetch(node, in: session) ?? FarmerRecord(node: node, wallet: channel.channel.farmer)
            guard UInt64(promise.period) > farmer.lastPeriod else { return }
            // Without the statement nobody knows where it ended: nothing before now is settled twice.
            let until = statement?.statement.until ?? UInt64(clamping: now.seconds)
            farmer.channel = channel.id
            farmer.lastStatement = promise.statement
            farmer.lastPeriod = UInt64(promise.period)
            farmer.lastUntil = until
            try farmer.save(in: session)
            if let statement, try StatementRecord.fetch(node, period: farmer.lastPeriod, in: session) == nil {
                try StatementRecord(signed: statement, voucher: voucher, state: .accepted, nextAttempt: now)
                    .insert(in: session)
            }
            // What was settled before it was stated by it, or by those before it that are lost: nothing is paid twice.
            try PaidHours.markAll(
                node, through: max(statement?.statement.hours.last ?? 0, until), period: farmer.lastPeriod, in: session)
        }
    }

    /// A voucher with the statement it names, or a voucher alone.
    ///
    /// - Throws: `MessageRefusal.malformed`.
    private static func parse(_ bytes: [UInt8]) throws -> (voucher: SignedVoucher, statement: SignedStatement?) {
        do throws(EthereumError) {
            // The two differ in the number of their fields.
            if try RLP(encoded: bytes).asList().count == 2 {
                let held = try HeldVoucher(encoded: bytes)
                return (held.voucher, held.statement)
            }
            return (try SignedVoucher(encoded: bytes), nil)
        } catch { throw MessageRefusal.malformed("voucher: \(error)") }
    }

    /// A channel that was opened after the backup was made: its number, from which its salt is made, finds it again.
    private func lostChannel(_ id: Bytes32, node: NodeID) async throws -> ChannelRecord? {
        let (count, wallet) = try await database.read { session in
            (
                UInt64(try ChannelRecord.fetch(node: node, in: session).count),
                try FarmerRecord.fetch(node, in: session)?.wallet
            )
        }
        guard let wallet else { return nil }
        for number in count..<count + 64 {
            let channel = channel(node: node, farmer: wallet, number: number)
            guard channel.id == id else { continue }
            var record = ChannelRecord(node: node, number: number, channel: channel, deposit: settings.leastDeposit)
            guard let state = try await payment.backend.channel(id) else { return nil }
            record.take(state)
            return record
        }
        return nil
    }

    /// The channel of a node with a number.
    func channel(node: NodeID, farmer: Address, number: UInt64) -> Channel {
        let name = RLP.list([parts.identity.id.rlp, node.rlp, number.rlp])
        return Channel(
            payer: payment.payer.address, farmer: farmer, signer: payment.signer.address,
            challenge: min(max(settings.challengeSeconds, Channel.challengeRange.lowerBound), Channel.challengeRange.upperBound),
            salt: Keccak256.hash(name.encoded))
    }

    /// A channel that was just made cannot have a voucher anywhere.
    func noteNew(_ id: Bytes32) { noteAsked(id) }
}

extension ChannelRecord {
    /// Takes over what the ledger says.
    mutating func take(_ ledger: ChannelState) {
        funded = ledger.funded
        claimed = ledger.claimed
        closesAt = ledger.closesAt
        if ledger.isClosed {
            state = .closed
        } else if ledger.closesAt != nil {
            state = .draining
        } else if state == .proposed {
            state = .funded
        }
    }
}
