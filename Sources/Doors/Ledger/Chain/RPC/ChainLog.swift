package import Ethereum
package import StorageModel

/// A line a contract wrote, with its place. The same line in another block is another one.
package struct ChainLog: Hashable, Sendable {
    package let contract: Address
    package let topics: [Bytes32]
    package let data: [UInt8]
    package let height: UInt64
    package let blockHash: Bytes32
    package let transaction: Bytes32
    /// In its block.
    package let transactionIndex: UInt64
    /// In its block; simple test nodes count in the transaction.
    package let index: UInt64

    /// A line.
    package init(
        contract: Address, topics: [Bytes32], data: [UInt8], height: UInt64, blockHash: Bytes32, transaction: Bytes32,
        transactionIndex: UInt64, index: UInt64
    ) {
        self.contract = contract
        self.topics = topics
        self.data = data
        self.height = height
        self.blockHash = blockHash
        self.transaction = transaction
        self.transactionIndex = transactionIndex
        self.index = index
    }

    /// Topics a line has at most: what the machine can write.
    private static let maximumTopics = 4

    /// Reads a line that is in a block.
    ///
    /// - Throws: `LedgerError.malformed`, also for one that was taken back or waits for a block.
    init(_ value: JSONValue) throws(LedgerError) {
        if value["removed"] == .bool(true) { throw .malformed("answer: a log that was taken back") }
        contract = try value.field("address").address()
        var topics: [Bytes32] = []
        for topic in try value.field("topics").items() { topics.append(try topic.word()) }
        guard topics.count <= Self.maximumTopics else { throw .malformed("answer: more than four topics") }
        self.topics = topics
        data = try value.field("data").data()
        height = try value.field("blockNumber").small()
        blockHash = try value.field("blockHash").word()
        transaction = try value.field("transactionHash").word()
        transactionIndex = try value.field("transactionIndex").small()
        index = try value.field("logIndex").small()
    }
}

/// What became of a transaction in a block.
package struct ChainReceipt: Hashable, Sendable {
    package let transaction: Bytes32
    package let height: UInt64
    package let blockHash: Bytes32
    /// Whether it had an effect.
    package let isSuccess: Bool
    package let gasUsed: UInt64
    /// Of the contract it made.
    package let contract: Address?
    package let logs: [ChainLog]

    /// Reads a receipt; nil for none.
    ///
    /// - Throws: `LedgerError.malformed`.
    init?(_ value: JSONValue) throws(LedgerError) {
        if value == .null { return nil }
        // Some nodes answer for a transaction that waits, with no block.
        guard let number = value["blockNumber"], number != .null else { return nil }
        transaction = try value.field("transactionHash").word()
        height = try number.small()
        blockHash = try value.field("blockHash").word()
        isSuccess = try value.field("status").small() == 1
        gasUsed = try value.field("gasUsed").small()
        contract = if let made = value["contractAddress"], made != .null { try made.address() } else { nil }
        var logs: [ChainLog] = []
        for log in try value.field("logs").items() { logs.append(try ChainLog(log)) }
        self.logs = logs
    }
}
