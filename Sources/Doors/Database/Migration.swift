/// One step of a room's schema. Once shipped it never changes; the next step changes the tables.
package struct Migration: Hashable, Sendable {
    /// Unique in its room, for instance `1-nodes`.
    package let name: String
    /// Statements in order; `{blob}`, `{integer}`, `{text}`, `{real}`, `{identity}`, `{table}` and `{clustered}` stand
    /// for what the database at hand calls them.
    package let statements: [String]

    /// A step of a schema.
    package init(_ name: String, _ statements: [String]) {
        self.name = name
        self.statements = statements
    }

    /// A fingerprint of the statements (FNV-1a, 64 bits), to notice an edited migration; no protection is meant.
    var fingerprint: Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in statements.joined(separator: ";").utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        return Int64(bitPattern: hash)
    }
}
