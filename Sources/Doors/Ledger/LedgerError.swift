package import Ethereum

/// Why a ledger cannot be asked or kept. What its rules refuse is a `SettlementError` instead.
package enum LedgerError: Error, Hashable, CustomStringConvertible {
    /// Nobody answers, or not in time.
    case unreachable(String)
    /// Those asked do not agree about what they all should know.
    case disagreement(String)
    /// Another chain or ledger than was configured.
    case wrongLedger(expected: String, actual: String)
    /// At an address there is other code than ours.
    case wrongCode(Address)
    /// An answer, file or message that is not what it should be; the text names the part.
    case malformed(String)
    /// The log of a ledger, or a file beside it, was altered or has lost lines.
    case damaged(String)
    /// A file could not be read or written; the text says what was done and why it failed.
    case file(String)
    /// The ledger was closed, or stopped after an error of its disk.
    case closed
    /// The sender's number is not the next one.
    case wrongNumber(expected: UInt64, actual: UInt64)
    /// An operation with a signature that is not its sender's.
    case wrongSigner
    /// Something this ledger does not do; the text names it.
    case unsupported(String)
    /// Too many requests by one peer.
    case tooManyRequests
    /// The ledger refuses for a reason that is none of the rules we know.
    case refused(String)
    /// An operation failed for a reason that is none of the rules.
    case operationFailed(String)
    /// An operation is gone from the network.
    case operationDropped(OperationID)

    package var description: String {
        switch self {
        case .unreachable(let reason): "the ledger cannot be reached: \(reason)"
        case .disagreement(let what): "the ledger's endpoints disagree about \(what)"
        case .wrongLedger(let expected, let actual): "ledger \(expected) is expected and \(actual) answers"
        case .wrongCode(let address): "the code at \(address) is not that of our contract"
        case .malformed(let part): "malformed \(part)"
        case .damaged(let part): "the ledger is damaged: \(part)"
        case .file(let action): action
        case .closed: "the ledger is closed"
        case .wrongNumber(let expected, let actual): "the sender's next number is \(expected), not \(actual)"
        case .wrongSigner: "the operation is not signed by its sender"
        case .unsupported(let what): "this ledger does not \(what)"
        case .tooManyRequests: "too many requests"
        case .refused(let reason): "the ledger refuses: \(reason)"
        case .operationFailed(let reason): "the operation failed: \(reason)"
        case .operationDropped(let id): "operation \(id) was dropped"
        }
    }
}
