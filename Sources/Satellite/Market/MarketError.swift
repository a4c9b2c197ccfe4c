package import StorageModel

/// Why heartbeats cannot go on.
package enum MarketError: Error, Hashable, CustomStringConvertible {
    /// A file could not be written or read: what was done, and the system's number.
    case file(String, errno: Int32)
    /// A file is not what was written.
    case damagedFile(String)
    /// A segment names a node that was never given a number.
    case unknownAlias(Int64)
    /// A node could not read its disk, and may be asked again.
    case readFailure
    /// What a node answered is no signature under its commitment.
    case wrongSignature
    /// A node that never checked in.
    case unknownNode(NodeID)
    /// What a satellite answered breaks the rules of the protocol.
    case malformedAnswer(String)
    /// The satellite pays nobody.
    case unpaid

    package var description: String {
        switch self {
        case .file(let action, let number): "cannot \(action): error \(number)"
        case .damagedFile(let name): "file \(name) is damaged"
        case .unknownAlias(let alias): "a segment names node number \(alias), which nobody has"
        case .readFailure: "the node cannot read its disk"
        case .wrongSignature: "the node's signature does not fit"
        case .unknownNode(let node): "node \(node) never checked in"
        case .malformedAnswer(let part): "malformed answer: \(part)"
        case .unpaid: "this satellite has no ledger and pays nobody"
        }
    }
}
