import StorageModel

/// A question to an endpoint of a chain.
package struct RPCCall: Hashable, Sendable {
    /// `eth_…`
    package let method: String
    /// In order.
    package let parameters: [JSONValue]

    /// A question.
    package init(_ method: String, _ parameters: [JSONValue] = []) {
        self.method = method
        self.parameters = parameters
    }

    /// Whether asking twice does no harm: everything that only reads.
    package var isRead: Bool {
        method == "eth_chainId" || (method.hasPrefix("eth_") && !method.hasPrefix("eth_send"))
    }
}

/// What an endpoint answers to one question.
package enum RPCAnswer: Hashable, Sendable {
    case result(JSONValue)
    /// It says why not.
    case failure(RPCFailure)

    /// The result.
    ///
    /// - Throws: `RPCFailure`.
    package func get() throws(RPCFailure) -> JSONValue {
        switch self {
        case .result(let value): return value
        case .failure(let failure): throw failure
        }
    }
}

/// An error an endpoint reports. Codes and texts differ from node to node: it is judged by its class.
///
/// - Source: JSON-RPC 2.0 §5.1; EIP-1474.
package struct RPCFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// A number.
    package let code: Int
    /// A sentence.
    package let message: String
    /// What a contract gave back, where there is any.
    package let data: [UInt8]?

    /// An error.
    package init(code: Int, message: String, data: [UInt8]? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// Longest message that is kept, in characters.
    private static let maximumMessage = 300

    init(_ value: JSONValue) throws(LedgerError) {
        guard case .number(let digits)? = value["code"], let code = Int(digits) else { throw .malformed("answer: error code") }
        self.code = code
        if case .text(let text)? = value["message"] { message = String(text.prefix(Self.maximumMessage)) } else { message = "" }
        data = Self.bytes(in: value["data"])
    }

    /// Nodes put what a contract gave back in different places.
    private static func bytes(in value: JSONValue?) -> [UInt8]? {
        switch value {
        case .text(let text):
            guard let start = text.firstRange(of: "0x") else { return nil }
            return Hexadecimal.decode(String(text[start.upperBound...]))
        case .object: return bytes(in: value?["data"] ?? value?["result"])
        default: return nil
        }
    }

    package var description: String { "\(message) (code \(code))" }

    /// What kind of error it is.
    package enum Class: Hashable, Sendable {
        /// A contract refused.
        case reverted
        /// The transaction is there already.
        case known
        /// The transaction's number is not the next one.
        case nonce
        /// The fee is too small, for the block or to replace another transaction.
        case underpriced
        /// The account has too little for gas.
        case insufficientFunds
        /// The answer would be too large.
        case tooMany
        /// Too many questions.
        case busy
        /// The endpoint does not know the method.
        case unsupported
        case other
    }

    /// What kind of error it is, by its code and the words nodes use.
    package var kind: Class {
        let text = message.lowercased()
        func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }
        if says("already known", "known transaction", "already imported", "already exists", "alreadyknown") { return .known }
        if says("underpriced", "max fee per gas less than", "fee cap less than", "maxfeepergas", "gas price too low",
            "fee too low")
        {
            return .underpriced
        }
        if says("insufficient funds", "insufficient balance", "not enough funds", "sender does not have enough") {
            return .insufficientFunds
        }
        if says("nonce") { return .nonce }
        if code == 3 || says("revert", "invalid opcode", "out of gas") { return .reverted }
        if says("too many results", "more than", "response size", "block range", "range is too", "query returned",
            "too large", "limit exceeded", "result set")
        {
            return says("rate") ? .busy : .tooMany
        }
        if code == -32005 || code == 429 || says("rate limit", "too many requests", "capacity") { return .busy }
        if code == -32601 { return .unsupported }
        return .other
    }
}
