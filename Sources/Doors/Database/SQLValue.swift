package import StorageModel

/// A value that goes into a statement.
package enum SQLValue: Hashable, Sendable {
    /// No value.
    case null
    /// A signed 64-bit integer; also booleans (0, 1) and times (microseconds since 1970).
    case integer(Int64)
    /// A floating-point number.
    case real(Double)
    /// Unicode text. It sorts by collation: use a blob where bytes must sort.
    case text(String)
    /// Bytes, compared bytewise.
    case blob([UInt8])

    /// An integer of any width that fits 64 signed bits, or null.
    package init(_ value: (some FixedWidthInteger)?) {
        self = value.map { .integer(Int64($0)) } ?? .null
    }

    /// 1 for true, 0 for false, or null.
    package init(_ value: Bool?) { self = value.map { .integer($0 ? 1 : 0) } ?? .null }

    /// A floating-point number, or null.
    package init(_ value: Double?) { self = value.map { .real($0) } ?? .null }

    /// Text, or null.
    package init(_ value: String?) { self = value.map { .text($0) } ?? .null }

    /// Bytes, or null.
    package init(_ value: [UInt8]?) { self = value.map { .blob($0) } ?? .null }

    /// A moment as microseconds since 1970, or null.
    package init(_ value: Timestamp?) { self = value.map { .integer($0.microseconds) } ?? .null }

    /// An id as its bytes, or null.
    package init(_ value: (some FixedBytesID)?) { self = value.map { .blob($0.bytes) } ?? .null }
}

extension SQLValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .real(value) }
    package init(stringLiteral value: String) { self = .text(value) }
    package init(booleanLiteral value: Bool) { self = .integer(value ? 1 : 0) }
    package init(nilLiteral: ()) { self = .null }
}
