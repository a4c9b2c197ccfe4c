package import StorageModel

/// A value for or from a contract.
///
/// - Source: Solidity documentation, "Contract ABI Specification".
package enum ABIValue: Hashable, Sendable {
    case uint(UInt256)
    case address(Address)
    case bool(Bool)
    /// 1…32 bytes.
    case fixedBytes([UInt8])
    case bytes([UInt8])
    case string(String)
    case array([ABIValue])
    case tuple([ABIValue])

    /// A number of 64 bits.
    package static func uint(_ value: UInt64) -> ABIValue { .uint(UInt256(value)) }
    /// A word.
    package static func word(_ value: Bytes32) -> ABIValue { .fixedBytes(value.bytes) }

    /// The arguments of a call, or the data of an event: heads first, then what they point to.
    package static func encode(_ values: [ABIValue]) -> [UInt8] {
        let headSize = values.reduce(0) { $0 + ($1.isDynamic ? 32 : $1.encoded.count) }
        var head: [UInt8] = []
        var tail: [UInt8] = []
        for value in values {
            if value.isDynamic {
                head += UInt256(UInt64(headSize + tail.count)).bytes32.bytes
                tail += value.encoded
            } else {
                head += value.encoded
            }
        }
        return head + tail
    }

    private var isDynamic: Bool {
        switch self {
        case .uint, .address, .bool, .fixedBytes: false
        case .bytes, .string, .array: true
        case .tuple(let items): items.contains(where: \.isDynamic)
        }
    }

    private var encoded: [UInt8] {
        switch self {
        case .uint(let value): value.bytes32.bytes
        case .address(let address): address.word.bytes
        case .bool(let value): UInt256(value ? 1 : 0).bytes32.bytes
        case .fixedBytes(let bytes): Self.padded(bytes)
        case .bytes(let bytes): UInt256(UInt64(bytes.count)).bytes32.bytes + Self.padded(bytes)
        case .string(let text): ABIValue.bytes(Array(text.utf8)).encoded
        case .array(let items): UInt256(UInt64(items.count)).bytes32.bytes + Self.encode(items)
        case .tuple(let items): Self.encode(items)
        }
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
    }
}

/// A function, event or error of a contract, known by its name and the types it takes.
package struct ABISignature: Hashable, Sendable {
    /// `name(type,type)`.
    package let text: String
    /// The types.
    package let types: [ABIType]

    /// A name with its types.
    package init(_ name: String, _ types: [ABIType]) {
        self.types = types
        text = name + ABIType.tuple(types).name
    }

    /// What an event is found by.
    package var topic: Bytes32 { Keccak256.hash(Array(text.utf8)) }
    /// The four bytes a call begins with.
    package var selector: [UInt8] { Array(topic.bytes.prefix(4)) }

    /// The data of a call.
    package func call(_ arguments: [ABIValue]) -> [UInt8] { selector + ABIValue.encode(arguments) }
}
