package import Crypto
package import Database
package import StorageModel

/// Messages that wait to be delivered, on disk: a message that was accepted survives a crash, and leaves when its
/// receiver took it or when it was tried too often.
package struct EventOutbox: Sendable {
    let database: Database
    let seal: RecordSeal

    /// - Parameter key: the gateway's own key; messages hold names of objects, so they are sealed under it.
    package init(database: Database, key: SymmetricKey) {
        self.database = database
        seal = RecordSeal(key: key, purpose: "event outbox")
    }

    /// Takes messages in, in order. They are on disk when this returns.
    package func add(
        _ messages: [(target: String, payload: [UInt8])], of place: BucketPlace, at time: Timestamp
    ) async throws {
        let rows = try messages.map { message in
            (message.target, try seal.seal(message.payload, place: Self.sealPlace(place)))
        }
        try await database.write { session in
            for (target, sealed) in rows {
                try session.execute(
                    """
                    INSERT INTO event_outbox (owner, bucket, target, payload, attempts, created_at, due_at)
                    VALUES (?1, ?2, ?3, ?4, 0, ?5, ?5)
                    """,
                    [.text(place.owner), .text(place.bucket), .text(target), .blob(sealed), SQLValue(time)])
            }
        }
    }

    /// The messages whose time has come, oldest first, at most `limit`.
    package func due(at time: Timestamp, limit: Int) async throws -> [OutboxEvent] {
        let rows = try await database.read { session in
            try session.query(
                """
                SELECT id, owner, bucket, target, payload, attempts, created_at FROM event_outbox
                WHERE due_at <= ?1 ORDER BY due_at, id LIMIT ?2
                """, [SQLValue(time), SQLValue(limit)]
            ) { row in
                OutboxEvent(
                    id: row.integer(0), place: BucketPlace(owner: row.text(1), bucket: row.text(2)),
                    target: row.text(3), payload: row.blob(4), attempts: row.int(5),
                    createdAt: row.timestamp(6))
            }
        }
        return try rows.map { row in
            OutboxEvent(
                id: row.id, place: row.place, target: row.target,
                payload: try seal.open(row.payload, place: Self.sealPlace(row.place)), attempts: row.attempts,
                createdAt: row.createdAt)
        }
    }

    /// Lets a message go: it was delivered, or is given up.
    package func remove(_ id: Int64) async throws {
        try await database.write { session in
            try session.execute("DELETE FROM event_outbox WHERE id = ?1", [.integer(id)])
        }
    }

    /// Counts a failed delivery and says when to try again.
    package func postpone(_ id: Int64, until time: Timestamp) async throws {
        try await database.write { session in
            try session.execute(
                "UPDATE event_outbox SET attempts = attempts + 1, due_at = ?2 WHERE id = ?1",
                [.integer(id), SQLValue(time)])
        }
    }

    /// How many messages wait.
    package func count() async throws -> Int {
        try await database.read { session in
            try session.first("SELECT COUNT(*) FROM event_outbox") { row in row.int(0) } ?? 0
        }
    }

    private static func sealPlace(_ place: BucketPlace) -> String { "\(place.owner)/\(place.bucket)" }
}
