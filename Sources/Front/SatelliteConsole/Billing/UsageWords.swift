package import Contracts
import StorageModel

/// A line of an invoice in people's units, with how its amount comes about.
package struct UsageWords: Sendable {
    package let kind: String
    package let quantity: String
    package let price: String
    package let how: String

    /// Words for a quantity at a price.
    package init(_ kind: InvoiceLine.Kind, quantity: UInt128, unit: UInt128, price: UInt64) {
        let dollars = "$\(USDAmount(micro: Int64(clamping: price)))"
        guard kind.isUsage, unit > 0 else {
            self.kind = Self.name(of: kind)
            self.quantity = ""
            self.price = ""
            how = ""
            return
        }
        let (one, many, raw) = Self.units(of: kind)
        self.kind = Self.name(of: kind)
        self.quantity = "\(Self.decimal(quantity, per: unit)) \(many)"
        self.price = "\(dollars) per \(one)"
        how = "\(quantity) \(raw) ÷ \(unit) × \(dollars), rounded to a millionth of a dollar, half up."
    }

    /// What a line is for.
    static func name(of kind: InvoiceLine.Kind) -> String {
        switch kind {
        case .storage: "Storage"
        case .egress: "Download"
        case .segments: "Segments"
        case .minimum: "Up to the month's minimum"
        case .coupon: "Coupon"
        case .bonus: "Paid from bonus"
        case .credit: "Paid from credit"
        case .refund: "Given back to your credit"
        }
    }

    private static func units(of kind: InvoiceLine.Kind) -> (one: String, many: String, raw: String) {
        switch kind {
        case .storage: ("TB-month", "TB-months", "byte-seconds")
        case .egress: ("TB", "TB", "bytes")
        default: ("million segment-months", "million segment-months", "segment-seconds")
        }
    }

    /// A fraction with six decimals, rounded down, without trailing zeros.
    static func decimal(_ quantity: UInt128, per unit: UInt128) -> String {
        let whole = quantity / unit
        // What is left is below the unit, which is far below 2¹²⁸ ÷ 10⁶.
        let (scaled, overflow) = (quantity % unit).multipliedReportingOverflow(by: 1_000_000)
        let digits = overflow ? "0" : String(scaled / unit)
        var decimals = String(repeating: "0", count: 6 - min(6, digits.count)) + digits
        while decimals.hasSuffix("0") { decimals.removeLast() }
        return decimals.isEmpty ? "\(whole)" : "\(whole).\(decimals)"
    }
}
