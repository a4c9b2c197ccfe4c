package import StorageModel

/// A node that cannot answer heartbeats: what it holds is covered by stripe audits, and no verdict is given.
package struct UncoveredNode: Hashable, Sendable {
    /// The node.
    package let node: NodeID
    /// What it holds.
    package let pieceCount: UInt64
    /// Bytes.
    package let byteCount: UInt64

    /// A node that does not know heartbeats.
    package init(node: NodeID, pieceCount: UInt64, byteCount: UInt64) {
        self.node = node
        self.pieceCount = pieceCount
        self.byteCount = byteCount
    }

    /// 48 bytes.
    var encoded: [UInt8] {
        var bytes = node.bytes
        bytes.append(bigEndian: pieceCount)
        bytes.append(bigEndian: byteCount)
        return bytes
    }

    /// Parses `encoded`; nil when bytes are missing.
    init?(_ reader: inout ByteReader) {
        guard let node = reader.hash(), let pieceCount = reader.integer(UInt64.self),
            let byteCount = reader.integer(UInt64.self)
        else { return nil }
        self.init(node: NodeID(storage: node), pieceCount: pieceCount, byteCount: byteCount)
    }
}
