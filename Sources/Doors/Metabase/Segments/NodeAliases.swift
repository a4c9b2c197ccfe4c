import Database
import StorageModel
import Synchronization

/// The short numbers that stand for nodes in segments. All are in memory; an alias is never reused or changed.
final class NodeAliases: Sendable {
    private struct State {
        var byNode: [NodeID: Int64] = [:]
        var byAlias: [Int64: NodeID] = [:]
    }

    private let state = Mutex(State())

    /// Reads all aliases.
    func load(_ database: Database) async throws {
        let pairs = try await database.read { session in
            try session.query("SELECT alias, node FROM node_aliases") { row in
                (row.integer(0), try row.id(1, as: NodeID.self))
            }
        }
        remember(pairs)
    }

    /// Gives every node of the segments an alias, stored before anything refers to it.
    func ensure(_ segments: [NewSegment], in database: Database) async throws {
        var nodes: Set<NodeID> = []
        for case .remote(let remote) in segments.map(\.content) { nodes.formUnion(remote.pieces.lazy.map(\.node)) }
        try await ensure(nodes, in: database)
    }

    /// Gives every node an alias, stored before anything refers to it.
    func ensure(_ nodes: Set<NodeID>, in database: Database) async throws {
        let unknown = state.withLock { state in nodes.filter { state.byNode[$0] == nil } }.sorted()
        guard !unknown.isEmpty else { return }
        let pairs = try await database.write { session in
            try unknown.map { node in (try Self.allocate(node, session), node) }
        }
        remember(pairs)
    }

    /// The alias of a node that `ensure` has seen.
    func alias(of node: NodeID) -> Int64 {
        guard let alias = state.withLock({ $0.byNode[node] }) else {
            preconditionFailure("nodes get their alias before their pieces are stored")
        }
        return alias
    }

    /// The nodes behind aliases, in order.
    ///
    /// - Throws: `DatabaseError` with kind `corrupt` for an alias nobody allocated.
    func nodes(of pieces: [AliasPieces.Entry]) throws -> [NodeID] {
        let nodes = state.withLock { state in pieces.compactMap { state.byAlias[$0.alias] } }
        guard nodes.count == pieces.count else { throw DatabaseError(.corrupt, "a segment names an unknown node") }
        return nodes
    }

    private static func allocate(_ node: NodeID, _ session: SQLSession) throws -> Int64 {
        let known = try session.first("SELECT alias FROM node_aliases WHERE node = ?1", [SQLValue(node)]) {
            $0.integer(0)
        }
        if let known { return known }
        let highest = try session.first("SELECT COALESCE(MAX(alias), 0) FROM node_aliases") { $0.integer(0) } ?? 0
        try session.execute(
            "INSERT INTO node_aliases (alias, node) VALUES (?1, ?2)", [.integer(highest + 1), SQLValue(node)])
        return highest + 1
    }

    private func remember(_ pairs: [(Int64, NodeID)]) {
        state.withLock { state in
            for (alias, node) in pairs {
                state.byNode[node] = alias
                state.byAlias[alias] = node
            }
        }
    }
}
