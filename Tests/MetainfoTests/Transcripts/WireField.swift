/// A protobuf field without its schema: enough to compare and rewrite messages whose types a test does not care for.
struct WireField: Hashable, Sendable {
    enum Value: Hashable, Sendable {
        case varint(UInt64)
        case fixed([UInt8])
        case bytes([UInt8])
    }

    var number: UInt64
    var value: Value

    init(_ number: UInt64, _ value: Value) {
        self.number = number
        self.value = value
    }

    var bytes: [UInt8]? {
        if case .bytes(let bytes) = value { return bytes }
        return nil
    }

    /// Reads a message; nil when the bytes are none.
    static func parse(_ bytes: [UInt8]) -> [WireField]? {
        var fields: [WireField] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let tag = varint(&rest), tag >> 3 > 0 else { return nil }
            switch tag & 7 {
            case 0:
                guard let value = varint(&rest) else { return nil }
                fields.append(WireField(tag >> 3, .varint(value)))
            case 1, 5:
                let count = tag & 7 == 1 ? 8 : 4
                guard rest.count >= count else { return nil }
                fields.append(WireField(tag >> 3, .fixed(Array(rest.prefix(count)))))
                rest = rest.dropFirst(count)
            case 2:
                guard let count = varint(&rest), count <= UInt64(rest.count) else { return nil }
                fields.append(WireField(tag >> 3, .bytes(Array(rest.prefix(Int(count))))))
                rest = rest.dropFirst(Int(count))
            default: return nil
            }
        }
        return fields
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = rest.popFirst(), shift < 64 {
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    static func encode(_ fields: [WireField]) -> [UInt8] {
        var bytes: [UInt8] = []
        for field in fields {
            switch field.value {
            case .varint(let value):
                append(field.number << 3, to: &bytes)
                append(value, to: &bytes)
            case .fixed(let value):
                append(field.number << 3 | (value.count == 8 ? 1 : 5), to: &bytes)
                bytes += value
            case .bytes(let value):
                append(field.number << 3 | 2, to: &bytes)
                append(UInt64(value.count), to: &bytes)
                bytes += value
            }
        }
        return bytes
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// Replaces recorded tokens inside requests by the ones our satellite issued in their place.
struct TokenBook: Sendable {
    private(set) var ours: [[UInt8]: [UInt8]] = [:]

    mutating func learn(recorded: [UInt8], ours: [UInt8]) {
        if recorded.count >= 16 { self.ours[recorded] = ours }
    }

    /// The message with every known token replaced, at any depth.
    func translate(_ message: [UInt8]) -> [UInt8] {
        guard let fields = WireField.parse(message) else { return message }
        return WireField.encode(translate(fields))
    }

    func translate(_ fields: [WireField]) -> [WireField] {
        fields.map { field in
            guard let bytes = field.bytes, bytes.count >= 16 else { return field }
            if let token = ours[bytes] { return WireField(field.number, .bytes(token)) }
            guard let inner = WireField.parse(bytes) else { return field }
            let translated = translate(inner)
            return translated == inner ? field : WireField(field.number, .bytes(WireField.encode(translated)))
        }
    }
}
