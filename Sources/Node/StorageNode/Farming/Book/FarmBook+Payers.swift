import Contracts
import Database
package import StorageModel

extension FarmBook {
    /// All satellites that were ever asked how they pay, ordered by id.
    package func payers() async throws -> [Payer] {
        try await database.read { session in
            try session.query(
                """
                SELECT satellite, manifest, refusal, checked_at, payment, channel, problem, registered_at
                FROM farming_payers ORDER BY satellite
                """, [], Payer.init)
        }
    }

    /// One satellite; one that was never asked is unknown.
    package func payer(_ satellite: NodeID) async throws -> Payer {
        let known = try await database.read { session in
            try session.first(
                """
                SELECT satellite, manifest, refusal, checked_at, payment, channel, problem, registered_at
                FROM farming_payers WHERE satellite = ?1
                """, [SQLValue(satellite)], Payer.init)
        }
        return known ?? Payer(satellite: satellite)
    }

    /// Keeps what was learnt of a satellite; a channel it names is one from now on.
    func save(_ payer: Payer) async throws {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO farming_payers
                    (satellite, manifest, refusal, checked_at, payment, channel, problem, registered_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                ON CONFLICT (satellite) DO UPDATE SET manifest = excluded.manifest, refusal = excluded.refusal,
                    checked_at = excluded.checked_at, payment = excluded.payment, channel = excluded.channel,
                    problem = excluded.problem, registered_at = excluded.registered_at
                """,
                [
                    SQLValue(payer.satellite), SQLValue(payer.manifest?.encoded), SQLValue(payer.refusal),
                    SQLValue(payer.checkedAt), .integer(payer.payment.rawValue), SQLValue(payer.channel?.encoded),
                    SQLValue(payer.problem), SQLValue(payer.registeredAt),
                ])
            if let channel = payer.channel { try Self.insert(channel, payer: payer.satellite, in: session) }
        }
    }

    /// Makes a channel known; one that is known stays as it is.
    static func insert(_ channel: Channel, payer: NodeID, in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO farming_channels (id, payer, channel, funded, claimed, is_closed) VALUES (?1, ?2, ?3, 0, 0, 0)
            ON CONFLICT (id) DO NOTHING
            """, [SQLValue(channel.id), SQLValue(payer), SQLValue(channel.encoded)])
    }
}

extension Payer {
    fileprivate init(_ row: SQLRow) throws {
        self.init(satellite: try row.id(0, as: NodeID.self))
        manifest = try row.optionalBlob(1).map { try Manifest(stored: $0) }
        refusal = row.optionalText(2)
        checkedAt = row.optionalTimestamp(3)
        payment = Payment(rawValue: row.integer(4)) ?? .none
        channel = try row.optionalBlob(5).map { try Channel(stored: $0) }
        problem = row.optionalText(6)
        registeredAt = row.optionalTimestamp(7)
    }
}
