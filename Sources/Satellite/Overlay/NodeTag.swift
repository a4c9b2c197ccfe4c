import Database
package import StorageModel

/// One fact about a node that somebody signed.
package struct NodeTag: Sendable, Hashable {
    package let name: String
    package let value: [UInt8]
    /// The node itself, or an authority.
    package let signerID: NodeID
    package let signedAt: Timestamp
}

extension NodeTag {
    /// A node's tags, sorted by name and signer.
    static func fetch(node: NodeID, in session: SQLSession) throws -> [NodeTag] {
        try session.query(
            "SELECT name, value, signer_id, signed_at FROM node_tags WHERE node_id = ?1 ORDER BY name, signer_id",
            [SQLValue(node)]
        ) { row in
            NodeTag(
                name: row.text(0), value: row.blob(1), signerID: try row.id(2, as: NodeID.self),
                signedAt: row.timestamp(3))
        }
    }

    /// Writes the tag unless a newer one of the same name and signer is there.
    func save(node: NodeID, in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO node_tags (node_id, name, signer_id, value, signed_at) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (node_id, name, signer_id) DO UPDATE SET value = excluded.value, signed_at = excluded.signed_at
                WHERE excluded.signed_at >= node_tags.signed_at
            """, [SQLValue(node), SQLValue(name), SQLValue(signerID), SQLValue(value), SQLValue(signedAt)])
    }
}
