package import Ethereum
package import StorageModel

/// What a customer paid for one line of an invoice, as a satellite commits to it: the leaf of the tree whose root goes on
/// the ledger with the partners' payouts. It names neither the customer nor the bucket.
///
/// An invoice may be paid in parts; a leaf says what had been paid before and what after.
package struct PaidLine: Hashable, Sendable {
    /// The invoice's digest.
    package var invoice: Bytes32
    /// Which of its lines, from 0.
    package var index: UInt32
    package var kind: InvoiceLine.Kind
    /// The partner that brought the bucket; empty for none.
    package var partner: String
    package var quantity: UInt128
    package var unit: UInt128
    package var price: UInt64
    package var isReversal: Bool
    package var amount: USDAmount
    /// What the whole invoice comes to.
    package var total: USDAmount
    /// What of that had been paid with real credit before.
    package var paidBefore: USDAmount
    /// And after.
    package var paidAfter: USDAmount

    /// What was paid for a line of usage; nil for other lines.
    package init?(
        invoice: Invoice, digest: Bytes32, index: Int, paidBefore: USDAmount, paidAfter: USDAmount
    ) {
        guard invoice.lines.indices.contains(index), let number = UInt32(exactly: index) else { return nil }
        let line = invoice.lines[index]
        guard line.kind.isUsage else { return nil }
        self.invoice = digest
        self.index = number
        kind = line.kind
        partner = line.partner
        quantity = line.quantity
        unit = line.unit
        price = line.price
        isReversal = line.isReversal
        amount = line.amount
        total = invoice.total
        self.paidBefore = paidBefore
        self.paidAfter = paidAfter
    }

    /// What this payment paid of the line: in proportion, rounded towards zero; nil when the numbers contradict themselves.
    package var paid: USDAmount? {
        guard InvoiceLine.amount(quantity, price, per: unit, isReversal: isReversal) == amount, total != .zero,
            let before = part(paidBefore), let after = part(paidAfter)
        else { return nil }
        return after.subtracting(before)
    }

    private func part(_ payment: USDAmount) -> USDAmount? {
        // Nobody pays more than everything, or pays what is owed to them.
        guard payment.micro.signum() * total.micro.signum() >= 0, payment.micro.magnitude <= total.micro.magnitude else {
            return nil
        }
        let part = Int128(amount.micro) * Int128(payment.micro) / Int128(total.micro)
        return Int64(exactly: part).map(USDAmount.init(micro:))
    }

    /// What of it is a partner's; nil when the numbers contradict themselves.
    package func share(percent: UInt32) -> USDAmount? { paid?.percent(percent) }

    /// The leaf.
    package var leaf: Bytes32 { Keccak256.hash([2] + rlp.encoded) }

    /// As a list in a statement.
    package var rlp: RLP {
        .list([
            .bytes(invoice.bytes), .number(UInt64(index)), .number(kind.rawValue), .bytes(Array(partner.utf8)),
            .wide(quantity), .wide(unit), .number(price), .number(isReversal ? 1 : 0 as UInt64), .signed(amount.micro),
            .signed(total.micro), .signed(paidBefore.micro), .signed(paidAfter.micro),
        ])
    }

    /// From a list in a statement.
    ///
    /// - Throws: `EthereumError.malformed`.
    package init(rlp: RLP) throws(EthereumError) {
        let items = try rlp.asList()
        guard items.count == 12, let invoice = Bytes32(try items[0].asBytes()),
            let index = UInt32(exactly: try items[1].asUInt64()),
            let kind = InvoiceLine.Kind(rawValue: try items[2].asUInt64()),
            case let reversal = try items[7].asUInt64(), reversal <= 1
        else { throw .malformed("paid line") }
        self.invoice = invoice
        self.index = index
        self.kind = kind
        partner = try items[3].asText()
        quantity = try items[4].asUInt128()
        unit = try items[5].asUInt128()
        price = try items[6].asUInt64()
        isReversal = reversal == 1
        amount = USDAmount(micro: try items[8].asInt64())
        total = USDAmount(micro: try items[9].asInt64())
        paidBefore = USDAmount(micro: try items[10].asInt64())
        paidAfter = USDAmount(micro: try items[11].asInt64())
    }
}

/// The tree over all lines that were paid in a month.
///
/// Siblings are ordered by value, as in `PayoutTree`: a path needs no sides.
package struct PaidLineTree: Sendable {
    /// Siblings in a path at most.
    package static let maximumPathLength = 40

    private let levels: [[Bytes32]]

    /// A tree over lines in any order.
    package init(_ lines: [PaidLine]) {
        var levels = [lines.map(\.leaf)]
        while let level = levels.last, level.count > 1 {
            levels.append(
                stride(from: 0, to: level.count, by: 2).map { index in
                    index + 1 < level.count ? Self.node(level[index], level[index + 1]) : level[index]
                })
        }
        self.levels = levels
    }

    /// What the ledger is told; zero when nothing was paid.
    package var root: Bytes32 { levels[levels.count - 1].first ?? Bytes32() }

    /// The siblings from a line, by its place, to the root.
    package func path(of position: Int) -> [Bytes32] {
        var index = position
        var path: [Bytes32] = []
        for level in levels.dropLast() {
            if index ^ 1 < level.count { path.append(level[index ^ 1]) }
            index /= 2
        }
        return path
    }

    /// The root that a line and its path lead to.
    package static func root(of line: PaidLine, path: [Bytes32]) -> Bytes32 { path.reduce(line.leaf, node) }

    private static func node(_ left: Bytes32, _ right: Bytes32) -> Bytes32 {
        Keccak256.hash([1] + min(left, right).bytes + max(left, right).bytes)
    }
}
