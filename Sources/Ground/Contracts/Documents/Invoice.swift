package import Ethereum
package import StorageModel

/// What a customer owes a satellite for a month, for ever: nothing in it changes once it was issued. What turns out wrong
/// is put right by another document that names this one.
///
/// - Source: economy design §3.5.
package struct Invoice: Hashable, Sendable {
    /// Unique at the satellite, for instance `2026-11-000017`.
    package var number: String
    /// Who is owed.
    package var satellite: NodeID
    /// The customer's id.
    package var customer: Bytes16
    package var month: BillingMonth
    /// Seconds since 1970.
    package var issuedAt: UInt64
    /// The digest of the invoice that this one corrects.
    package var corrects: Bytes32?
    /// Usage, minimum, coupons, then how it is paid.
    package var lines: [InvoiceLine]
    /// What usage, minimum and coupons come to.
    package var total: USDAmount
    /// What is left to pay.
    package var due: USDAmount

    /// An invoice over lines; nil when they add up to more than there can be.
    package init?(
        number: String, satellite: NodeID, customer: Bytes16, month: BillingMonth, issuedAt: UInt64,
        corrects: Bytes32? = nil, lines: [InvoiceLine]
    ) {
        guard let total = Self.sum(lines.filter(\.kind.isCharge)), let due = Self.sum(lines) else { return nil }
        self.number = number
        self.satellite = satellite
        self.customer = customer
        self.month = month
        self.issuedAt = issuedAt
        self.corrects = corrects
        self.lines = lines
        self.total = total
        self.due = due
    }

    /// The sum of lines; nil when it is more than there can be.
    package static func sum(_ lines: some Sequence<InvoiceLine>) -> USDAmount? {
        lines.reduce(USDAmount.zero as USDAmount?) { $0?.adding($1.amount) }
    }

    /// What is wrong with the invoice by itself, a sentence each; empty when every line and the sums are right.
    package var objections: [String] {
        var objections = lines.enumerated().filter { !$0.element.isSound }.map { index, line in
            "line \(index + 1) says \(line.amount), which is not what its quantity and price come to"
        }
        if Self.sum(lines.filter(\.kind.isCharge)) != total { objections.append("the total is not the sum of the charges") }
        if Self.sum(lines) != due { objections.append("what is due is not the sum of all lines") }
        if corrects == nil, due < .zero { objections.append("less than nothing is due") }
        if corrects == nil, lines.contains(where: { $0.isReversal || $0.kind == .refund }) {
            objections.append("lines are taken back without naming the invoice they are from")
        }
        return objections
    }

    /// Names the document: the hash of its one encoding.
    package var digest: Bytes32 { Keccak256.hash(encoded) }

    /// The one encoding.
    package var encoded: [UInt8] {
        RLP.list([
            .bytes(Array("storj-invoice-1".utf8)), .bytes(Array(number.utf8)), .bytes(satellite.bytes),
            .bytes(customer.bytes), .number(UInt64(month.number)), .number(issuedAt), .bytes(corrects?.bytes ?? []),
            .list(lines.map(\.rlp)), .signed(total.micro), .signed(due.micro),
        ]).encoded
    }

    /// Reads the one encoding. What it says is still to be judged: `objections`.
    ///
    /// - Throws: `EthereumError.malformed`.
    package init(encoded bytes: some Collection<UInt8>) throws(EthereumError) {
        let items = try RLP(encoded: bytes).asList()
        guard items.count == 10, try items[0].asText() == "storj-invoice-1",
            let satellite = Bytes32(try items[2].asBytes()), let customer = Bytes16(try items[3].asBytes()),
            let month = UInt32(exactly: try items[4].asUInt64()).flatMap(BillingMonth.init(number:))
        else { throw .malformed("invoice") }
        let corrected = try items[6].asBytes()
        guard corrected.isEmpty || corrected.count == Bytes32.byteCount else { throw .malformed("invoice") }
        number = try items[1].asText()
        self.satellite = NodeID(storage: satellite)
        self.customer = customer
        self.month = month
        issuedAt = try items[5].asUInt64()
        corrects = Bytes32(corrected)
        lines = []
        for item in try items[7].asList() { lines.append(try InvoiceLine(rlp: item)) }
        total = USDAmount(micro: try items[8].asInt64())
        due = USDAmount(micro: try items[9].asInt64())
    }
}
