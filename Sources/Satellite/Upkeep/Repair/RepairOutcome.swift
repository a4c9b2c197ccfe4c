/// How the repair of one segment ended.
package enum RepairOutcome: Sendable, Hashable {
    /// The segment is deleted, expired, or kept by the satellite itself.
    case gone
    /// Enough pieces are healthy; so many that had to move away were taken out.
    case notNeeded(removed: Int)
    /// New pieces are stored and in the metadata.
    case repaired(RepairedPieces)
    /// Too few nodes have a piece that can be read now.
    case irreparable(retrievable: Int, required: Int)
    /// Nodes that should have pieces did not give enough good ones.
    case notEnoughPieces(received: Int, required: Int, problems: [String])
    /// No node can take a piece.
    case noNodes
    /// The nodes that were asked took no piece.
    case notStored(problems: [String])
    /// Somebody else changed the segment into another one meanwhile.
    case changed
    /// Something else.
    case failed(String)
}

/// What a repair changed.
package struct RepairedPieces: Sendable, Hashable {
    /// Pieces stored on new nodes.
    package var added = 0
    /// Pieces taken out of the metadata, replaced ones included.
    package var removed = 0
    /// Pieces of these that nodes did not have, or not as they were uploaded.
    package var bad = 0
    /// Healthy pieces before and after.
    package var healthyBefore = 0
    package var healthyAfter = 0
    /// Pieces that can be read afterwards.
    package var retrievableAfter = 0
    /// Healthy pieces that make it whole.
    package var optimal = 0
    /// Whether it still needs repair.
    package var needsMore = false
}

extension RepairOutcome {
    /// What an operator reads; nil when all is well.
    var problem: String? {
        switch self {
        case .gone, .notNeeded: nil
        case .repaired(let pieces):
            pieces.needsMore ? "repaired to \(pieces.healthyAfter) of \(pieces.optimal) pieces" : nil
        case .irreparable(let retrievable, let required): "only \(retrievable) of \(required) pieces can be read"
        case .notEnoughPieces(let received, let required, let problems):
            "only \(received) of \(required) pieces came: \(Self.list(problems))"
        case .noNodes: "no node can take a piece"
        case .notStored(let problems): "no node took a piece: \(Self.list(problems))"
        case .changed: "the segment was changed meanwhile"
        case .failed(let reason): reason
        }
    }

    /// A few of many problems.
    private static func list(_ problems: [String]) -> String {
        let shown = problems.prefix(5).joined(separator: "; ")
        return problems.count > 5 ? "\(shown); and \(problems.count - 5) more" : shown
    }
}
