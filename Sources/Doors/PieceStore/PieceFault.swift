package import StorageModel

/// What is wrong with a piece that the index names.
package enum PieceFault: String, Hashable, Sendable, Codable {
    /// The bytes on the disk are not those that were stored.
    case rotten
    /// The disk does not give the bytes back.
    case unreadable
    /// The log that held the piece is gone, cut, or has lost its header.
    case lost
}

/// A piece that cannot be served any more.
package struct BadPiece: Hashable, Sendable {
    /// The satellite it belongs to.
    package let satellite: NodeID
    /// The piece.
    package let pieceID: PieceID
    /// What is wrong with it.
    package let fault: PieceFault

    /// A bad piece.
    package init(satellite: NodeID, pieceID: PieceID, fault: PieceFault) {
        self.satellite = satellite
        self.pieceID = pieceID
        self.fault = fault
    }
}
