import Contracts
import Ethereum
import Ledger
import Logging
import StorageModel
import WireMessages

extension Customer {
    /// Pays farmers for traffic that no voucher covers yet.
    ///
    /// A farmer says what it is owed; it gets no more than the limits it was ever given allow at its price.
    func payTraffic(_ nodes: some Sequence<NodeID>) async throws {
        let now = try await ledgerTime()
        for node in Set(nodes).sorted() {
            guard let farmer = try await book.farmer(node), farmer.state == .hired || farmer.state == .closing else { continue }
            do { try await payTraffic(farmer, now: now) } catch let error as DirectError {
                parts.logger.warning("traffic is not paid", metadata: ["node": "\(node)", "error": "\(error)"])
                var farmer = farmer
                farmer.refusal = "\(error)"
                try await book.save(farmer)
            }
        }
    }

    private func payTraffic(_ known: FarmerRecord, now: UInt64) async throws {
        var farmer = known
        let owed: TokenAmount
        do {
            let answer = try await caller.hire(
                farmer.url, binding: binding(now: now), channel: farmer.channel, voucher: farmer.voucher)
            try adopt(Array(answer.voucher), for: &farmer)
            owed = TokenAmount(answer.owed)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // It asks again when it wants to be paid.
            throw DirectError.refused(farmer.node, "\(error)")
        }
        let price = farmer.sheet.sheet.price(of: .egress)
        let most = try await pay(farmer.sheet, now: now).earned(.egress, price: price, bytes: farmer.limits, seconds: 0)
        guard let most, let rest = most.subtracting(farmer.cumulative), owed > .zero, rest > .zero else {
            return try await book.save(farmer)
        }
        let due = min(owed, rest)
        guard let cumulative = farmer.cumulative.adding(due), cumulative <= farmer.deposit else {
            throw DirectError.depositUsedUp(farmer.node)
        }
        let note = RLP.list([.bytes(farmer.channel.id.bytes), .number(farmer.limits), .bytes(farmer.sheet.digest.bytes)])
        let voucher = Voucher(
            channel: farmer.channel.id, cumulative: cumulative, period: UInt32(clamping: now / 86400),
            statement: Keccak256.hash(note.encoded)
        ).signed(by: parts.signer, in: domains.channels)
        farmer.cumulative = cumulative
        farmer.voucher = voucher
        // Before anybody has it: a lower one is never signed.
        try await book.save(farmer)
        try await introduce(farmer, now: now)
    }
}
