import StorageModel

/// Writes the body of a token: fields in a fixed order, numbers as varints, bytes behind their length.
struct TokenWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    mutating func write(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func write(_ value: Int64) { write(UInt64(bitPattern: value << 1 ^ value >> 63)) }

    mutating func write(_ value: [UInt8]) {
        write(UInt64(value.count))
        bytes += value
    }

    /// Writes bytes whose count the reader knows.
    mutating func write(fixed value: [UInt8]) { bytes += value }

    mutating func write(_ time: Timestamp?) {
        guard let time else { return write(UInt64(0)) }
        write(UInt64(1))
        write(time.seconds)
        write(UInt64(time.nanoseconds))
    }
}

/// Reads what `TokenWriter` wrote; nil everywhere means "not ours".
struct TokenReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = rest.popFirst() {
            guard shift < 63 || byte <= 1 else { return nil }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
            guard shift <= 63 else { return nil }
        }
        return nil
    }

    mutating func signed() -> Int64? {
        guard let value = number() else { return nil }
        return Int64(bitPattern: value >> 1) ^ -Int64(value & 1)
    }

    mutating func fixed(_ count: Int) -> [UInt8]? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func bytes() -> [UInt8]? {
        guard let count = number(), let length = Int(exactly: count) else { return nil }
        return fixed(length)
    }

    /// A moment; the outer nil is "not ours", the inner one "not set".
    mutating func time() -> Timestamp?? {
        switch number() {
        case 0: return .some(nil)
        case 1:
            guard let seconds = signed(), let nanoseconds = number(), nanoseconds < 1_000_000_000,
                let time = Timestamp(seconds: seconds, nanoseconds: Int32(nanoseconds))
            else { return nil }
            return .some(time)
        default: return nil
        }
    }
}
