import Contracts
import Ethereum
import StorageModel

/// Why a contract refused.
enum RevertReason: Hashable, Sendable {
    /// One of the rules.
    case rule(SettlementError)
    /// A sentence none of the rules has.
    case text(String)
    /// The machine stopped: a division by zero, an index out of range.
    case panic(UInt64)
    /// It gave no reason, as the token does.
    case silent

    private static let error = ABISignature("Error", [.string])
    private static let panic = ABISignature("Panic", [.uint(256)])
    /// Longest text that is kept, in characters.
    private static let maximumText = 200

    /// Reads what a contract gave back when it refused.
    init(_ data: [UInt8]?) {
        guard let data, !data.isEmpty else {
            self = .silent
            return
        }
        let body = Array(data.dropFirst(4))
        if data.starts(with: Self.error.selector), case .string(let text)? = try? ABIValue.decode([.string], from: body).first {
            self = SettlementError(rawValue: text).map { .rule($0) } ?? .text(String(text.prefix(Self.maximumText)))
        } else if data.starts(with: Self.panic.selector),
            case .uint(let number)? = try? ABIValue.decode([.uint(256)], from: body).first, let code = number.uint64
        {
            self = .panic(code)
        } else {
            self = .text("data 0x" + String(Hexadecimal.encode(data.prefix(36))))
        }
    }

    /// As what became of an operation.
    var failure: OperationFailure {
        switch self {
        case .rule(let error): .refused(error)
        case .text(let text): .other(text)
        case .panic(let code): .other("panic \(code)")
        case .silent: .other("the contract gave no reason")
        }
    }
}
