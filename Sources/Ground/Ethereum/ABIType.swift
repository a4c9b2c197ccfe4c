/// A type of the contract interface.
///
/// - Source: Solidity documentation, "Contract ABI Specification".
package indirect enum ABIType: Hashable, Sendable {
    /// A whole number of so many bits, a multiple of 8 up to 256; never negative.
    case uint(Int)
    case address
    case bool
    /// So many bytes, 1…32.
    case fixedBytes(Int)
    case bytes
    case string
    /// Any number of items.
    case array(ABIType)
    /// Several values side by side.
    case tuple([ABIType])

    /// Its name in signatures: `(address,uint256)[]`.
    package var name: String {
        switch self {
        case .uint(let bits): "uint\(bits)"
        case .address: "address"
        case .bool: "bool"
        case .fixedBytes(let count): "bytes\(count)"
        case .bytes: "bytes"
        case .string: "string"
        case .array(let item): item.name + "[]"
        case .tuple(let items): "(" + items.map(\.name).joined(separator: ",") + ")"
        }
    }

    /// Whether the value stands elsewhere and only its place stands here.
    var isDynamic: Bool {
        switch self {
        case .uint, .address, .bool, .fixedBytes: false
        case .bytes, .string, .array: true
        case .tuple(let items): items.contains(where: \.isDynamic)
        }
    }

    /// Bytes in the head of a tuple.
    var headSize: Int {
        if isDynamic { return 32 }
        if case .tuple(let items) = self { return items.reduce(0) { $0 + $1.headSize } }
        return 32
    }
}
