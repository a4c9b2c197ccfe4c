package import Ethereum
package import StorageModel

/// What is needed of a block.
package struct BlockHeader: Hashable, Sendable {
    /// Blocks before it.
    package let number: UInt64
    package let hash: Bytes32
    package let parent: Bytes32
    /// Seconds since 1970.
    package let time: UInt64
    /// Wei a unit of gas that is burnt; nil on chains without EIP-1559.
    package let baseFee: UInt256?

    /// A block.
    package init(number: UInt64, hash: Bytes32, parent: Bytes32, time: UInt64, baseFee: UInt256?) {
        self.number = number
        self.hash = hash
        self.parent = parent
        self.time = time
        self.baseFee = baseFee
    }

    /// Reads a block; nil for none.
    ///
    /// - Throws: `LedgerError.malformed`.
    init?(_ value: JSONValue) throws(LedgerError) {
        if value == .null { return nil }
        number = try value.field("number").small()
        hash = try value.field("hash").word()
        parent = try value.field("parentHash").word()
        time = try value.field("timestamp").small()
        baseFee = if let fee = value["baseFeePerGas"], fee != .null { try fee.quantity() } else { nil }
    }
}

/// Which block a question is about.
package enum BlockTag: Hashable, Sendable {
    case latest
    /// With what waits to be included.
    case pending
    /// Cannot vanish any more, where the chain says so.
    case finalized
    case number(UInt64)

    var value: JSONValue {
        switch self {
        case .latest: .text("latest")
        case .pending: .text("pending")
        case .finalized: .text("finalized")
        case .number(let number): .quantity(number)
        }
    }
}
