import Metabase
import Overlay
import StorageModel

/// Who of a segment's holders can be asked, and who cannot.
struct SegmentHolders: Sendable {
    /// Holders that are online, with their nodes as last found.
    private(set) var reachable: [(holder: PieceHolder, node: NodeRecord)] = []
    /// Holders known to be offline.
    private(set) var offline: [PieceHolder] = []
    /// Holders that said themselves that they have lost the piece.
    private(set) var confessed: [PieceHolder] = []

    /// Sorts the holders of a segment; those that are gone for good or owe an answer are left out.
    ///
    /// - Parameter asksEverybody: whether nodes without fresh contact are asked too.
    /// - Throws: `DatabaseError`.
    init(
        of remote: RemoteSegment, in overlay: Overlay, without contained: Set<NodeID>, at now: Timestamp,
        asksEverybody: Bool = false
    ) async throws {
        for piece in remote.pieces where !contained.contains(piece.node) {
            guard let node = overlay.record(of: piece.node), node.servesDownloads else { continue }
            let holder = PieceHolder(number: piece.number, node: piece.node)
            if try await overlay.hasConfessed(holder, of: remote.rootPieceID, at: now) {
                confessed.append(holder)
            } else if asksEverybody || overlay.isOnline(node) {
                reachable.append((holder, node))
            } else {
                offline.append(holder)
            }
        }
    }
}

extension Overlay {
    /// Whether a node has said that it lost a piece: then nothing is hidden, and nothing counts as a failure.
    func hasConfessed(_ holder: PieceHolder, of root: PieceID, at now: Timestamp) async throws -> Bool {
        // Nearly always there is nothing to look up, and no id to derive.
        guard openLostPieceCount(of: holder.node) > 0 else { return false }
        let piece = root.derive(node: holder.node, pieceNumber: Int32(clamping: holder.number))
        return try await isReportedLost(piece, by: holder.node, before: now)
    }
}

extension RemoteSegment {
    /// The piece if it is still where it was.
    func piece(_ holder: PieceHolder) -> SegmentPiece? {
        pieces.first { $0.number == holder.number && $0.node == holder.node }
    }
}
