package import Database
import Foundation
package import StorageModel

/// What stands, and what is still to be told or was told: on the disk, so that a restart forgets nothing.
package struct AlertBook: Sendable {
    private let database: Database

    /// A message on its way.
    package struct Delivery: Hashable, Sendable {
        package let id: Int64
        package let way: AlertWay
        package let message: AlertMessage
        package let attempts: Int
        package let nextAt: Timestamp
        package let sentAt: Timestamp?
        /// Why the last try failed.
        package let problem: String
    }

    /// Messages that are kept after they were sent or given up.
    private static let historyLength = 200

    /// Opens the book, making its tables when they are missing.
    ///
    /// - Throws: `DatabaseError`.
    package static func open(_ database: Database) async throws -> AlertBook {
        try await database.migrate(room: "alerts", migrations)
        return AlertBook(database: database)
    }

    private static let migrations = [
        Migration(
            "1-alerts",
            [
                """
                CREATE TABLE alert_standing (kind {text} NOT NULL PRIMARY KEY, severity {integer} NOT NULL,
                    sentence {text} NOT NULL, advice {text} NOT NULL, began_at {integer} NOT NULL, seen {integer} NOT NULL,
                    missed {integer} NOT NULL, told_at {integer}) {clustered}
                """,
                """
                CREATE TABLE alert_deliveries (id {integer} NOT NULL PRIMARY KEY, way {text} NOT NULL, message {blob} NOT NULL,
                    attempts {integer} NOT NULL, next_at {integer}, sent_at {integer}, problem {text} NOT NULL) {table}
                """,
            ])
    ]

    /// What stands.
    package func standing() async throws -> [AlertRules.Standing] {
        try await database.read { session in
            try session.query(
                "SELECT kind, severity, sentence, advice, began_at, seen, missed, told_at FROM alert_standing ORDER BY began_at, kind"
            ) {
                AlertRules.Standing(
                    kind: $0.text(0), severity: $0.int(1), sentence: $0.text(2), advice: $0.text(3), beganAt: $0.timestamp(4),
                    seen: $0.int(5), missed: $0.int(6), toldAt: $0.optionalTimestamp(7))
            }
        }
    }

    /// Keeps what stands now and what is to be told of it, all or nothing.
    package func keep(
        _ standing: [AlertRules.Standing], messages: [AlertMessage], ways: [AlertWay], at now: Timestamp
    ) async throws {
        let bodies = try messages.map { try Self.encoder.encode($0) }
        try await database.write { session in
            try session.execute("DELETE FROM alert_standing")
            for one in standing {
                try session.execute(
                    """
                    INSERT INTO alert_standing (kind, severity, sentence, advice, began_at, seen, missed, told_at)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                    """,
                    [
                        .text(one.kind), .integer(Int64(one.severity)), .text(one.sentence), .text(one.advice),
                        SQLValue(one.beganAt), .integer(Int64(one.seen)), .integer(Int64(one.missed)), SQLValue(one.toldAt),
                    ])
            }
            for body in bodies {
                for way in ways {
                    try session.execute(
                        """
                        INSERT INTO alert_deliveries (id, way, message, attempts, next_at, sent_at, problem)
                        VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM alert_deliveries), ?1, ?2, 0, ?3, NULL, '')
                        """, [.text(way.rawValue), SQLValue(Array(body)), SQLValue(now)])
                }
            }
            try session.execute(
                """
                DELETE FROM alert_deliveries WHERE next_at IS NULL
                AND id <= (SELECT COALESCE(MAX(id), 0) FROM alert_deliveries) - \(Self.historyLength)
                """)
        }
    }

    /// What is due, the oldest first.
    package func due(at now: Timestamp) async throws -> [Delivery] {
        try await deliveries("WHERE next_at IS NOT NULL AND next_at <= ?1 ORDER BY id LIMIT 20", [SQLValue(now)])
    }

    /// The newest first, sent and not.
    package func recent(_ count: Int) async throws -> [Delivery] {
        try await deliveries("ORDER BY id DESC LIMIT ?1", [.integer(Int64(count))])
    }

    /// Notes a try: sent, to be tried again, or given up when `nextAt` is nil.
    package func note(_ delivery: Delivery, sentAt: Timestamp?, nextAt: Timestamp?, problem: String) async throws {
        try await database.write { session in
            try session.execute(
                "UPDATE alert_deliveries SET attempts = ?2, next_at = ?3, sent_at = ?4, problem = ?5 WHERE id = ?1",
                [
                    .integer(delivery.id), .integer(Int64(delivery.attempts + 1)), SQLValue(nextAt), SQLValue(sentAt),
                    .text(String(problem.prefix(300))),
                ])
        }
    }

    private func deliveries(_ rest: String, _ arguments: [SQLValue]) async throws -> [Delivery] {
        try await database.read { session in
            try session.query(
                "SELECT id, way, message, attempts, next_at, sent_at, problem FROM alert_deliveries \(rest)", arguments
            ) { row in
                guard let way = AlertWay(rawValue: row.text(1)) else {
                    throw DatabaseError(.corrupt, "an alert goes a way that there is not")
                }
                return Delivery(
                    id: row.integer(0), way: way, message: try JSONDecoder().decode(AlertMessage.self, from: Data(row.blob(2))),
                    attempts: row.int(3), nextAt: row.optionalTimestamp(4) ?? Timestamp(microseconds: 0),
                    sentAt: row.optionalTimestamp(5), problem: row.text(6))
            }
        }
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
