package import StorageModel

/// A refusal of the room.
package enum OverlayError: Error, Hashable, CustomStringConvertible {
    /// Fewer nodes can take a piece than the segment needs.
    case notEnoughNodes(wanted: Int, found: Int)
    /// The node's address cannot be used; the text says why.
    case badAddress(String)
    /// The node checked in too often.
    case tooManyCheckIns(NodeID)
    /// The new node's identity took too little work.
    case lowDifficulty(NodeID, required: Int)
    /// The check-in breaks a rule; the text says which.
    case badRequest(String)
    /// The node never checked in.
    case unknownNode(NodeID)
    /// The node has more open reports of lost pieces than are kept.
    case tooManyReports(NodeID)
    /// The node cannot leave in good order now; the text says why.
    case mayNotExit(String)
    /// The node did not answer; the text says why.
    case unreachable(String)
    /// The node did not answer in time.
    case noAnswer(within: Duration)

    package var description: String {
        switch self {
        case .notEnoughNodes(let wanted, let found): "not enough nodes: \(wanted) wanted, \(found) found"
        case .badAddress(let reason): "node address: \(reason)"
        case .tooManyCheckIns(let id): "node \(id) has been checking in too often"
        case .lowDifficulty(let id, let required): "node \(id) has a difficulty below \(required)"
        case .badRequest(let reason): reason
        case .unknownNode(let id): "node \(id) is not known"
        case .tooManyReports(let id): "node \(id) has too many open reports of lost pieces"
        case .mayNotExit(let reason): reason
        case .unreachable(let reason): reason
        case .noAnswer(let timeout): "no answer within \(timeout)"
        }
    }
}
