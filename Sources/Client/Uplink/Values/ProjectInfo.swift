public import Foundation

/// What a satellite tells about a project.
public struct ProjectInfo: Hashable, Sendable {
    /// What passphrases are mixed with; the same for the life of the project.
    public let salt: [UInt8]
    /// The id that others may see; empty when the satellite does not say.
    public let publicID: [UInt8]
    /// When the project was created.
    public let createdAt: Date?
}

/// On which nodes an object lies.
public struct ObjectPlacement: Hashable, Sendable {
    /// Addresses (`ip:port`) of nodes that hold pieces.
    public let nodeAddresses: [String]
    /// Segments of the object.
    public let segmentCount: Int64
    /// Pieces of all segments.
    public let pieceCount: Int64
    /// Those of them on nodes that are online and well placed.
    public let reliablePieceCount: Int64
    /// The number of the placement rule.
    public let placement: UInt32
}
