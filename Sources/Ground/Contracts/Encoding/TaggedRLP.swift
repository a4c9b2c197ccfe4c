import Ethereum

extension RLP {
    /// One case of several: its number and its fields in one list.
    static func tagged(_ tag: UInt64, _ fields: RLP...) -> RLP { .list([.number(tag)] + fields) }
}

/// One case of several, as it was read: its number, and its fields still to be read.
struct TaggedRLP {
    let tag: UInt64
    private let name: String
    private let fields: [RLP]

    /// - Throws: `EthereumError.malformed` for anything but a list that begins with a number.
    init(_ rlp: RLP, of name: String) throws(EthereumError) {
        let items = try rlp.asList()
        guard let first = items.first, let tag = try first.asNumber().uint64 else { throw .malformed(name) }
        self.tag = tag
        self.name = name
        fields = Array(items.dropFirst())
    }

    /// The fields of a case that has so many.
    func fields(_ count: Int) throws(EthereumError) -> RLPFields {
        try RLPFields(.list(fields), of: name, count: count)
    }

    /// For numbers nobody gave a meaning.
    var unknown: EthereumError { .malformed("\(name) \(tag)") }
}
