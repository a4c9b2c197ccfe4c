package import Ethereum
package import StorageModel

/// Which lines of contracts are wanted.
package struct LogFilter: Hashable, Sendable {
    /// Written by one of these.
    package var contracts: [Address]
    /// At each place one of these, or anything.
    package var topics: [[Bytes32]?]

    /// Values for one topic that endpoints take at once.
    package static let maximumValues = 100

    /// A filter.
    package init(contracts: [Address], topics: [[Bytes32]?] = []) {
        self.contracts = contracts
        self.topics = topics
    }

    /// Whether a line is wanted.
    package func matches(_ log: ChainLog) -> Bool {
        guard contracts.contains(log.contract) else { return false }
        return topics.enumerated().allSatisfy { place, values in
            values.map { place < log.topics.count && $0.contains(log.topics[place]) } ?? true
        }
    }

    func value(from first: UInt64, to last: UInt64) -> JSONValue {
        .object([
            "fromBlock": .quantity(first), "toBlock": .quantity(last), "address": .list(contracts.map { .data($0.bytes) }),
            "topics": .list(topics.map { values in values.map { .list($0.map { .data($0.bytes) }) } ?? .null }),
        ])
    }
}

extension ChainClient {
    /// The lines in a range of blocks, both ends included, in order.
    ///
    /// - Throws: `RPCFailure` of class `tooMany` when the range is too large for the endpoint; `LedgerError`.
    package func logs(_ filter: LogFilter, from first: UInt64, to last: UInt64) async throws -> [ChainLog] {
        try await agreed([RPCCall("eth_getLogs", [filter.value(from: first, to: last)])]) { answers in
            let logs = try answers[0].get().items().map { try ChainLog($0) }
            guard logs.allSatisfy({ (first...last).contains($0.height) && filter.matches($0) }) else {
                throw LedgerError.malformed("answer: logs nobody asked for")
            }
            return logs.sorted {
                ($0.height, $0.transactionIndex, $0.index) < ($1.height, $1.transactionIndex, $1.index)
            }
        }
    }
}
