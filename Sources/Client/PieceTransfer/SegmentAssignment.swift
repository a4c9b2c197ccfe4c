package import Orders
package import StorageModel

/// What a satellite offers for one segment: a node for every piece, and the key that signs for all.
package struct SegmentAssignment: Sendable {
    /// How the segment is spread.
    package var scheme: RedundancyScheme
    /// One entry a piece, index = piece number; nil where none is offered.
    package var limits: [AddressedLimit?]
    /// Signs orders and piece hashes.
    package var privateKey: PieceKey

    /// An offer.
    package init(scheme: RedundancyScheme, limits: [AddressedLimit?], privateKey: PieceKey) {
        self.scheme = scheme
        self.limits = limits
        self.privateKey = privateKey
    }
}
