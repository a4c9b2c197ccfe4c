package import Ethereum
package import StorageModel

extension ChainClient {
    /// Blocks by number, in order; nil for those the chain does not have.
    package func headers(_ numbers: [UInt64]) async throws -> [BlockHeader?] {
        guard !numbers.isEmpty else { return [] }
        return try await agreed(numbers.map { Self.block(.number($0)) }) { answers in
            try zip(numbers, answers).map { number, answer in
                let header = try BlockHeader(try answer.get())
                if let header, header.number != number { throw LedgerError.malformed("answer: another block than asked for") }
                return header
            }
        }
    }

    /// A block by number or tag; nil when there is none.
    package func header(_ tag: BlockTag) async throws -> BlockHeader? { try BlockHeader(try await ask(Self.block(tag))) }

    /// A block by its hash; nil when there is none.
    package func header(hash: Bytes32) async throws -> BlockHeader? {
        try BlockHeader(try await ask(RPCCall("eth_getBlockByHash", [.data(hash.bytes), .bool(false)])))
    }

    /// Wei of an account.
    package func etherBalance(of account: Address, at block: BlockTag = .latest) async throws -> UInt256 {
        try await ask(RPCCall("eth_getBalance", [.data(account.bytes), block.value])).quantity()
    }

    /// Transactions an account has made.
    package func transactionCount(of account: Address, at block: BlockTag) async throws -> UInt64 {
        try await ask(RPCCall("eth_getTransactionCount", [.data(account.bytes), block.value])).small()
    }

    /// The code at an address; empty for none.
    package func code(at contract: Address) async throws -> [UInt8] {
        try await agreed([RPCCall("eth_getCode", [.data(contract.bytes), BlockTag.latest.value])]) { try $0[0].get().data() }
    }

    /// Asks a contract.
    ///
    /// - Throws: `RPCFailure` of class `reverted` when it refuses.
    package func call(
        _ contract: Address?, _ data: [UInt8], from sender: Address? = nil, at block: BlockTag = .latest
    ) async throws -> [UInt8] {
        try await ask(RPCCall("eth_call", [Self.message(contract, data, sender), block.value])).data()
    }

    /// Gas a transaction would use in the next block; in the newest one where an endpoint does not know the next.
    ///
    /// - Throws: `RPCFailure` of class `reverted` when a contract refuses.
    package func gas(_ contract: Address?, _ data: [UInt8], from sender: Address) async throws -> UInt64 {
        let message = Self.message(contract, data, sender)
        do { return try await ask(RPCCall("eth_estimateGas", [message, BlockTag.pending.value])).small() } catch
            let failure as RPCFailure where failure.kind == .unsupported || failure.code == -32602
        {
            return try await ask(RPCCall("eth_estimateGas", [message, BlockTag.latest.value])).small()
        }
    }

    private static func message(_ contract: Address?, _ data: [UInt8], _ sender: Address?) -> JSONValue {
        var fields: [String: JSONValue] = ["data": .data(data)]
        if let contract { fields["to"] = .data(contract.bytes) }
        if let sender { fields["from"] = .data(sender.bytes) }
        return .object(fields)
    }

    /// Receipts of transactions, in order; nil for those in no block up to `height`: not every endpoint has later ones.
    package func receipts(_ transactions: [Bytes32], upTo height: UInt64 = .max) async throws -> [ChainReceipt?] {
        guard !transactions.isEmpty else { return [] }
        let calls = transactions.map { RPCCall("eth_getTransactionReceipt", [.data($0.bytes)]) }
        return try await agreed(calls) { answers in
            try zip(transactions, answers).map { hash, answer in
                let receipt = try ChainReceipt(try answer.get())
                if let receipt, receipt.transaction != hash { throw LedgerError.malformed("answer: another receipt") }
                return receipt.flatMap { $0.height <= height ? $0 : nil }
            }
        }
    }

    /// Whether the network knows a transaction, in a block or waiting.
    package func knows(_ transaction: Bytes32) async throws -> Bool {
        try await ask(RPCCall("eth_getTransactionByHash", [.data(transaction.bytes)])) != .null
    }

    /// What includers are paid at present, in wei a unit of gas.
    package func tip() async throws -> UInt256 {
        let answer = try await ask([RPCCall("eth_maxPriorityFeePerGas")])[0]
        if case .result(let value) = answer { return try value.quantity() }
        let history = try await ask([RPCCall("eth_feeHistory", [.quantity(5), BlockTag.latest.value, .list([.number("50")])])])[0]
        guard case .result(let value) = history, let rewards = value["reward"] else { return try await legacyTip() }
        let tips = try rewards.items().compactMap { try $0.items().first?.quantity() }.sorted()
        return tips.isEmpty ? .zero : tips[tips.count / 2]
    }

    /// On chains that only know one price: what is above the base fee.
    private func legacyTip() async throws -> UInt256 {
        let price = try await ask(RPCCall("eth_gasPrice")).quantity()
        let base = try await header(.latest)?.baseFee ?? .zero
        let (tip, isNegative) = price.subtractingReportingOverflow(base)
        return isNegative ? .zero : tip
    }
}
