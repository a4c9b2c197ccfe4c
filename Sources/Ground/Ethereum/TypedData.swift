package import StorageModel

/// A kind of message people sign: named fields in a fixed order.
///
/// - Source: EIP-712.
package struct TypedStruct: Hashable, Sendable {
    /// What a field holds.
    package indirect enum Field: Hashable, Sendable {
        /// A value of one word, `bytes` or `string`.
        case value(ABIType)
        /// Another struct.
        case structure(TypedStruct)
        /// A list.
        case array(Field)

        var name: String {
            switch self {
            case .value(let type): type.name
            case .structure(let type): type.name
            case .array(let item): item.name + "[]"
            }
        }

        var structures: [TypedStruct] {
            switch self {
            case .value: []
            case .structure(let type): [type] + type.fields.flatMap(\.field.structures)
            case .array(let item): item.structures
            }
        }
    }

    /// A field with its name.
    package struct NamedField: Hashable, Sendable {
        let name: String
        let field: Field
    }

    /// The struct's name.
    package let name: String
    let fields: [NamedField]
    /// The hash of the type's text.
    package let typeHash: Bytes32

    /// A struct of named fields.
    package init(_ name: String, _ fields: [(name: String, field: Field)]) {
        self.name = name
        self.fields = fields.map { NamedField(name: $0.name, field: $0.field) }
        let others = Set(self.fields.flatMap(\.field.structures)).sorted { $0.name < $1.name }
        let own = Self.text(name, self.fields)
        typeHash = Keccak256.hash(Array((own + others.map { Self.text($0.name, $0.fields) }.joined()).utf8))
    }

    private static func text(_ name: String, _ fields: [NamedField]) -> String {
        name + "(" + fields.map { $0.field.name + " " + $0.name }.joined(separator: ",") + ")"
    }

    /// The hash of one message: its values in the order of the fields, structs as tuples.
    ///
    /// - Throws: `EthereumError.malformed` when values and fields do not fit together.
    package func hash(_ values: [ABIValue]) throws(EthereumError) -> Bytes32 {
        guard values.count == fields.count else { throw .malformed("\(name): number of values") }
        var bytes = typeHash.bytes
        for (field, value) in zip(fields, values) { bytes += try Self.word(field.field, value, of: name) }
        return Keccak256.hash(bytes)
    }

    private static func word(_ field: Field, _ value: ABIValue, of name: String) throws(EthereumError) -> [UInt8] {
        switch (field, value) {
        case (.structure(let type), .tuple(let values)): return try type.hash(values).bytes
        case (.array(let item), .array(let values)):
            var bytes: [UInt8] = []
            for value in values { bytes += try word(item, value, of: name) }
            return Keccak256.hash(bytes).bytes
        case (.value(.bytes), .bytes(let bytes)): return Keccak256.hash(bytes).bytes
        case (.value(.string), .string(let text)): return Keccak256.hash(Array(text.utf8)).bytes
        case (.value(.uint(let bits)), .uint(let number)):
            guard bits >= 256 || number >> bits == .zero else { throw .outOfRange("\(name): uint\(bits)") }
            return number.bytes32.bytes
        case (.value(.address), .address), (.value(.bool), .bool): return ABIValue.encode([value])
        case (.value(.fixedBytes(let count)), .fixedBytes(let bytes)) where bytes.count == count:
            return ABIValue.encode([value])
        default: throw .malformed("\(name): a value of another type than its field")
        }
    }
}

/// Where a signature counts: a signature for one domain is none in another.
///
/// - Source: EIP-712, definition of domainSeparator.
package struct SigningDomain: Hashable, Sendable {
    private static let type = TypedStruct(
        "EIP712Domain",
        [
            ("name", .value(.string)), ("version", .value(.string)), ("chainId", .value(.uint(256))),
            ("verifyingContract", .value(.address)),
        ])

    /// What the messages belong to.
    package let name: String
    /// The messages' version.
    package let version: String
    /// The chain; zero for our own ledger.
    package let chainID: UInt64
    /// The contract that checks the signatures.
    package let contract: Address
    /// The hash of all of it.
    package let separator: Bytes32

    /// A domain.
    package init(name: String, version: String, chainID: UInt64, contract: Address) {
        self.name = name
        self.version = version
        self.chainID = chainID
        self.contract = contract
        do {
            separator = try Self.type.hash([.string(name), .string(version), .uint(chainID), .address(contract)])
        } catch {
            preconditionFailure("the domain's values are of its types")
        }
    }

    /// What is signed for a message with this hash.
    package func digest(_ structHash: Bytes32) -> Bytes32 {
        Keccak256.hash([0x19, 0x01] + separator.bytes + structHash.bytes)
    }
}
