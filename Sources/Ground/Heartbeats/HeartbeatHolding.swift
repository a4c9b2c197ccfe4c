import StorageModel

/// What a node holds for a satellite at a moment: pieces that can be proven, and those that other audits must cover.
package struct HeartbeatHolding: Hashable, Sendable {
    /// The committed set: its root and its chunks; zero for none.
    package var root: SumNode
    /// Pieces in the set.
    package var pieceCount: UInt64
    /// Their bytes.
    package var byteCount: UInt64
    /// Pieces whose hash proves no chunk.
    package var unprovablePieceCount: UInt64
    /// Their bytes.
    package var unprovableByteCount: UInt64

    /// A holding of its parts.
    package init(
        root: SumNode = SumNode(hash: Bytes32(), sum: 0), pieceCount: UInt64 = 0, byteCount: UInt64 = 0,
        unprovablePieceCount: UInt64 = 0, unprovableByteCount: UInt64 = 0
    ) {
        self.root = root
        self.pieceCount = pieceCount
        self.byteCount = byteCount
        self.unprovablePieceCount = unprovablePieceCount
        self.unprovableByteCount = unprovableByteCount
    }

    /// 72 bytes.
    var encoded: [UInt8] {
        var bytes = root.hash.bytes
        for number in [root.sum, pieceCount, byteCount, unprovablePieceCount, unprovableByteCount] {
            bytes.append(bigEndian: number)
        }
        return bytes
    }

    /// Parses `encoded`; nil when bytes are missing.
    init?(_ reader: inout ByteReader) {
        guard let hash = reader.hash(), let sum = reader.integer(UInt64.self),
            let pieceCount = reader.integer(UInt64.self), let byteCount = reader.integer(UInt64.self),
            let unprovablePieceCount = reader.integer(UInt64.self),
            let unprovableByteCount = reader.integer(UInt64.self)
        else { return nil }
        self.init(
            root: SumNode(hash: hash, sum: sum), pieceCount: pieceCount, byteCount: byteCount,
            unprovablePieceCount: unprovablePieceCount, unprovableByteCount: unprovableByteCount)
    }
}
