import Database
package import Identity
import Logging
package import StorageModel
import Synchronization
import WireMessages

extension Overlay {
    /// The identity a node showed at its last check-in; nil when it never checked in.
    ///
    /// - Throws: `DatabaseError`.
    package func identity(of id: NodeID) async throws -> PeerIdentity? {
        if let known = state.withLock({ $0.identities[id] }) { return known }
        let chain = try await database.read { session in
            try session.first("SELECT chain FROM node_identities WHERE node_id = ?1", [SQLValue(id)]) { $0.blob(0) }
        }
        guard let chain else { return nil }
        // A stored chain was verified before it was stored; one that fails now is corrupt and worth an error.
        let identity = try PeerIdentity(concatenated: chain)
        remember(identity)
        return identity
    }

    /// Asks the node for its identity anew, once in a while: its leaf may have changed since the last check-in.
    ///
    /// - Returns: the new identity, which is stored; nil when the node cannot be reached, shows the known one, or was
    ///   asked less than `identityRefetchInterval` ago.
    package func refetchIdentity(of id: NodeID) async -> PeerIdentity? {
        let now = clock.now()
        let address = state.withLock { state -> String? in
            guard let node = state.nodes[id]?.record else { return nil }
            if let last = state.identityFetches[id], now.duration(since: last) < settings.identityRefetchInterval {
                return nil
            }
            state.identityFetches[id] = now
            return node.lastIPPort
        }
        guard let address else { return nil }
        do {
            let fetched = try await ping(id, address: address, timeout: settings.pingTimeout)
            guard let fetched, try await identity(of: id) != fetched else { return nil }
            try await database.write { try Self.save(fetched, at: now, in: $0) }
            remember(fetched)
            return fetched
        } catch {
            logger.warning("node identity not fetched", metadata: ["node_id": "\(id)", "error": "\(error)"])
            return nil
        }
    }

    /// Keeps an identity in memory.
    func remember(_ identity: PeerIdentity) {
        state.withLock { state in
            if state.identities.count >= Self.identityCapacity { state.identities.removeAll() }
            state.identities[identity.id] = identity
        }
    }

    /// Writes an identity's chain.
    static func save(_ identity: PeerIdentity, at now: Timestamp, in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO node_identities (node_id, chain, updated_at) VALUES (?1, ?2, ?3)
            ON CONFLICT (node_id) DO UPDATE SET chain = excluded.chain, updated_at = excluded.updated_at
                WHERE node_identities.chain <> excluded.chain
            """, [SQLValue(identity.id), SQLValue(identity.concatenated), SQLValue(now)])
    }
}
