package import Ethereum
package import StorageModel

/// One line of an invoice: what was used, at which price, and what that comes to.
///
/// - Source: economy design §3.5.
package struct InvoiceLine: Hashable, Sendable {
    /// What a line is about.
    package enum Kind: UInt64, Sendable, CaseIterable {
        /// Bytes kept over time; quantity in byte-seconds.
        case storage = 0
        /// Bytes downloaded; quantity in bytes.
        case egress = 1
        /// Segments kept over time; quantity in segment-seconds.
        case segments = 2
        /// What a month costs at least, as far as usage came to less.
        case minimum = 3
        /// Taken off by a coupon.
        case coupon = 4
        /// Paid from what the customer was given.
        case bonus = 5
        /// Paid from what the customer paid in.
        case credit = 6
        /// Given back to the customer's credit, of a correction.
        case refund = 7

        /// Whether the line is for something that was used.
        package var isUsage: Bool { rawValue <= 2 }
        /// Whether the line is about what is owed, not about how it is paid.
        package var isCharge: Bool { rawValue <= 4 }
    }

    package var kind: Kind
    /// The project's public id; nothing for lines about the whole account.
    package var project: Bytes16
    /// The bucket's name; empty for lines about the whole account.
    package var bucket: [UInt8]
    /// The placement whose price counts.
    package var placement: UInt32
    /// The partner that brought the bucket; empty for none.
    package var partner: String
    /// In the unit of the kind; zero for lines that are no usage.
    package var quantity: UInt128
    /// How much the price is for, in the same unit: 10¹² · 2 592 000 byte-seconds are a terabyte over 720 hours.
    package var unit: UInt128
    /// Millionths of a dollar for `unit`.
    package var price: UInt64
    /// Takes back a line of the invoice that this one corrects.
    package var isReversal: Bool
    /// What it comes to; below zero for what is taken off or paid.
    package var amount: USDAmount
    /// The coupon's code or the like; empty where nothing needs saying.
    package var reference: String

    /// A line for something that was used; nil when the amount is more than there can be.
    package init?(
        _ kind: Kind, project: Bytes16, bucket: [UInt8], placement: UInt32, partner: String, quantity: UInt128,
        price: UsagePrice, isReversal: Bool = false
    ) {
        guard let amount = Self.amount(quantity, price.microUSD, per: price.unit, isReversal: isReversal) else { return nil }
        self.init(
            kind, project: project, bucket: bucket, placement: placement, partner: partner, quantity: quantity,
            unit: price.unit, price: price.microUSD, isReversal: isReversal, amount: amount, reference: "")
    }

    /// A line about the whole account.
    package init(_ kind: Kind, amount: USDAmount, reference: String = "") {
        self.init(
            kind, project: Bytes16(), bucket: [], placement: 0, partner: "", quantity: 0, unit: 0, price: 0,
            isReversal: false, amount: amount, reference: reference)
    }

    private init(
        _ kind: Kind, project: Bytes16, bucket: [UInt8], placement: UInt32, partner: String, quantity: UInt128,
        unit: UInt128, price: UInt64, isReversal: Bool, amount: USDAmount, reference: String
    ) {
        self.kind = kind
        self.project = project
        self.bucket = bucket
        self.placement = placement
        self.partner = partner
        self.quantity = quantity
        self.unit = unit
        self.price = price
        self.isReversal = isReversal
        self.amount = amount
        self.reference = reference
    }

    /// The same line taken back.
    package var reversed: InvoiceLine? {
        guard let opposite = amount.negated else { return nil }
        var line = self
        line.isReversal.toggle()
        line.amount = opposite
        return line
    }

    /// `quantity × price ÷ unit`, rounded half up once; nil for more than there can be or a unit of nothing.
    package static func amount(
        _ quantity: UInt128, _ price: UInt64, per unit: UInt128, isReversal: Bool
    ) -> USDAmount? {
        guard unit > 0 else { return nil }
        let product = quantity.multipliedReportingOverflow(by: UInt128(price))
        let rounded = product.partialValue.addingReportingOverflow(unit / 2)
        guard !product.overflow, !rounded.overflow, let micro = Int64(exactly: rounded.partialValue / unit) else {
            return nil
        }
        return USDAmount(micro: isReversal ? -micro : micro)
    }

    /// Whether the amount is what the other numbers say.
    package var isSound: Bool {
        guard kind.isUsage else {
            let mayBe = kind == .minimum || kind == .refund ? amount >= .zero : amount <= .zero
            return quantity == 0 && unit == 0 && price == 0 && !isReversal && mayBe
        }
        return Self.amount(quantity, price, per: unit, isReversal: isReversal) == amount && reference.isEmpty
    }
}

/// A price for a kind of usage.
package struct UsagePrice: Hashable, Sendable {
    /// Seconds of the month all prices are for: 720 hours.
    package static let monthSeconds: UInt128 = 2_592_000

    /// Millionths of a dollar.
    package var microUSD: UInt64
    /// How much that is for.
    package var unit: UInt128

    /// A price for so much.
    package init(microUSD: UInt64, unit: UInt128) {
        self.microUSD = microUSD
        self.unit = unit
    }

    /// For 10¹² bytes over 720 hours.
    package static func storage(microUSDPerTBMonth price: UInt64) -> UsagePrice {
        UsagePrice(microUSD: price, unit: 1_000_000_000_000 * monthSeconds)
    }
    /// For 10¹² bytes.
    package static func egress(microUSDPerTB price: UInt64) -> UsagePrice {
        UsagePrice(microUSD: price, unit: 1_000_000_000_000)
    }
    /// For a million segments over 720 hours: a single one costs less than a millionth of a dollar can say.
    package static func segments(microUSDPerMillionMonths price: UInt64) -> UsagePrice {
        UsagePrice(microUSD: price, unit: 1_000_000 * monthSeconds)
    }
}

extension InvoiceLine {
    /// As a list in an invoice.
    package var rlp: RLP {
        .list([
            .number(kind.rawValue), .bytes(project.bytes), .bytes(bucket), .number(UInt64(placement)),
            .bytes(Array(partner.utf8)), .wide(quantity), .wide(unit), .number(price), .number(isReversal ? 1 : 0 as UInt64),
            .signed(amount.micro), .bytes(Array(reference.utf8)),
        ])
    }

    /// From a list in an invoice.
    ///
    /// - Throws: `EthereumError.malformed`.
    package init(rlp: RLP) throws(EthereumError) {
        let items = try rlp.asList()
        guard items.count == 11, let kind = Kind(rawValue: try items[0].asUInt64()),
            let project = Bytes16(try items[1].asBytes()), let placement = UInt32(exactly: try items[3].asUInt64()),
            case let reversal = try items[8].asUInt64(), reversal <= 1
        else { throw .malformed("invoice line") }
        self.init(
            kind, project: project, bucket: try items[2].asBytes(), placement: placement, partner: try items[4].asText(),
            quantity: try items[5].asUInt128(), unit: try items[6].asUInt128(), price: try items[7].asUInt64(),
            isReversal: reversal == 1, amount: USDAmount(micro: try items[9].asInt64()), reference: try items[10].asText())
    }
}
