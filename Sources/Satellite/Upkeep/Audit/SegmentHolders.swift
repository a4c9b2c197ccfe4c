import Metabase
import Overlay
import StorageModel

/// Who of a segment's holders can be asked, and who cannot.
struct SegmentHolders: Sendable {
    /// Holders that are online, with their nodes as last found.
    private(set) var reachable: [(holder: PieceHolder, node: NodeRecord)] = []
    /// Holders known to be offline.
    private(set) var offline: [PieceHolder] = []

    /// Sorts the holders of a segment; those that are gone for good or owe an answer are left out.
    ///
    /// - Parameter asksEverybody: whether nodes without fresh contact are asked too.
    init(
        of remote: RemoteSegment, in overlay: Overlay, without contained: Set<NodeID>, asksEverybody: Bool = false
    ) {
        for piece in remote.pieces where !contained.contains(piece.node) {
            guard let node = overlay.record(of: piece.node), node.servesDownloads else { continue }
            let holder = PieceHolder(number: piece.number, node: piece.node)
            if asksEverybody || overlay.isOnline(node) {
                reachable.append((holder, node))
            } else {
                offline.append(holder)
            }
        }
    }
}

extension RemoteSegment {
    /// The piece if it is still where it was.
    func piece(_ holder: PieceHolder) -> SegmentPiece? {
        pieces.first { $0.number == holder.number && $0.node == holder.node }
    }
}
