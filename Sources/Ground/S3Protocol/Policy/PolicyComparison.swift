import StorageModel

/// How a condition compares a request's value with its own.
enum PolicyComparison: Hashable, Sendable {
    enum Order: Sendable { case equal, less, lessOrEqual, greater, greaterOrEqual }

    case text
    case textIgnoringCase
    case pattern
    case number(Order)
    case date(Order)
    case flag
    case address
    case null

    /// The operator of a name, without what stands before and behind it, and whether it asks for the opposite.
    static func named(_ name: String) -> (PolicyComparison, isNegated: Bool)? {
        switch name {
        case "StringEquals": (.text, false)
        case "StringNotEquals": (.text, true)
        case "StringEqualsIgnoreCase": (.textIgnoringCase, false)
        case "StringNotEqualsIgnoreCase": (.textIgnoringCase, true)
        case "StringLike", "ArnLike", "ArnEquals": (.pattern, false)
        case "StringNotLike", "ArnNotLike", "ArnNotEquals": (.pattern, true)
        case "NumericNotEquals": (.number(.equal), true)
        case "DateNotEquals": (.date(.equal), true)
        case "Bool": (.flag, false)
        case "IpAddress": (.address, false)
        case "NotIpAddress": (.address, true)
        case "Null": (.null, false)
        case _ where name.hasPrefix("Numeric"): order(name.dropFirst(7)).map { (.number($0), false) }
        case _ where name.hasPrefix("Date"): order(name.dropFirst(4)).map { (.date($0), false) }
        default: nil
        }
    }

    private static func order(_ name: Substring) -> Order? {
        switch name {
        case "Equals": .equal
        case "LessThan": .less
        case "LessThanEquals": .lessOrEqual
        case "GreaterThan": .greater
        case "GreaterThanEquals": .greaterOrEqual
        default: nil
        }
    }

    /// Whether a value in a policy is of the comparison's kind.
    func isValid(_ value: String) -> Bool {
        switch self {
        case .text, .textIgnoringCase, .pattern: true
        case .number: Double(value) != nil
        case .date: Self.date(value) != nil
        case .flag, .null: ["true", "false"].contains(value.lowercased())
        case .address: AddressRange(value) != nil
        }
    }

    /// Whether a request's value is what a policy's value asks for.
    func compare(_ actual: String, _ wanted: String) -> Bool {
        switch self {
        case .text: return actual == wanted
        case .textIgnoringCase, .flag: return actual.lowercased() == wanted.lowercased()
        case .pattern: return WildcardPattern(wanted).matches(actual)
        case .number(let order):
            guard let actual = Double(actual), let wanted = Double(wanted) else { return false }
            return Self.holds(order, actual, wanted)
        case .date(let order):
            guard let actual = Self.date(actual), let wanted = Self.date(wanted) else { return false }
            return Self.holds(order, actual, wanted)
        case .address: return AddressRange(wanted)?.contains(actual) ?? false
        case .null: return false
        }
    }

    private static func holds<Value: Comparable>(_ order: Order, _ left: Value, _ right: Value) -> Bool {
        switch order {
        case .equal: left == right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }

    /// ISO 8601, or seconds since 1970.
    private static func date(_ text: String) -> Timestamp? {
        if let seconds = Int64(text) { return Timestamp(seconds: seconds, nanoseconds: 0) }
        return S3Date.parseISO8601(text)
    }
}
