import Contracts
import Database
import Ethereum
import StorageModel

/// Keeps intents and transactions; every function is one transaction of the database.
struct IntentStore: Sendable {
    let database: Database
    let chainID: UInt64

    private var chain: SQLValue { .integer(Int64(bitPattern: chainID)) }

    private static let columns = """
        position, id, sender, receiver, data, taken, patient, channels, predecessor, state, nonce, transaction_hash, height,
        block_hash, succeeded, reason
        """

    func open() async throws { try await database.migrate(room: TransactionSchema.room, TransactionSchema.migrations) }

    /// An intent by its id; with a sender only that one's.
    func intent(_ id: Bytes32, of sender: Address? = nil) async throws -> Intent? {
        let chain = chain
        return try await database.read { session in
            try session.first(
                "SELECT \(Self.columns) FROM chain_intents WHERE chain = ?1 AND id = ?2 AND (?3 IS NULL OR sender = ?3) ORDER BY position",
                [chain, .blob(id.bytes), SQLValue(sender?.bytes)], Self.intent)
        }
    }

    /// Keeps new intents, in order, unless the first is there already.
    ///
    /// - Returns: the one that was there before under the first one's id.
    func insert(_ intents: [Intent]) async throws -> Intent? {
        let chain = chain
        return try await database.write { session in
            if let first = intents.first,
                let before = try session.first(
                    "SELECT \(Self.columns) FROM chain_intents WHERE chain = ?1 AND id = ?2 AND sender = ?3",
                    [chain, .blob(first.id.bytes), .blob(first.sender.bytes)], Self.intent)
            {
                return before
            }
            for intent in intents {
                try session.execute(
                    """
                    INSERT INTO chain_intents
                        (id, chain, sender, receiver, data, taken, patient, channels, predecessor, state)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)
                    """,
                    [
                        .blob(intent.id.bytes), chain, .blob(intent.sender.bytes), SQLValue(intent.receiver?.bytes),
                        .blob(intent.data), .integer(Int64(bitPattern: intent.taken.units)), SQLValue(intent.isPatient),
                        .blob(intent.channels.flatMap(\.bytes)), SQLValue(intent.predecessor?.bytes),
                    ])
            }
            return nil
        }
    }

    /// Those of a sender that are not over, in order.
    func openIntents(of sender: Address) async throws -> [Intent] {
        let chain = chain
        return try await database.read { session in
            try session.query(
                "SELECT \(Self.columns) FROM chain_intents WHERE chain = ?1 AND sender = ?2 AND state < 3 ORDER BY position",
                [chain, .blob(sender.bytes)], Self.intent)
        }
    }

    /// Senders with intents that are not over.
    func busySenders() async throws -> [Address] {
        let chain = chain
        return try await database.read { session in
            try session.query(
                "SELECT DISTINCT sender FROM chain_intents WHERE chain = ?1 AND state < 3", [chain]
            ) { $0.blob(0) }
        }.compactMap { Address($0) }
    }

    /// The largest nonce a sender's intents have; nil for none.
    func largestNonce(of sender: Address) async throws -> UInt64? {
        let chain = chain
        return try await database.read { session in
            try session.first(
                "SELECT MAX(nonce) FROM chain_intents WHERE chain = ?1 AND sender = ?2", [chain, .blob(sender.bytes)]
            ) { $0.optionalInteger(0).map { UInt64($0) } } ?? nil
        }
    }

    /// The transactions made for an intent, oldest first.
    func attempts(of intent: Intent) async throws -> [Attempt] {
        try await database.read { session in
            try session.query(
                "SELECT hash, raw, fee, tip, height, cancels, accepted FROM chain_transactions WHERE intent = ?1 ORDER BY number",
                [.integer(intent.position)]
            ) { row in
                Attempt(
                    hash: try row.word(0), raw: row.blob(1), fee: UInt64(row.integer(2)), tip: UInt64(row.integer(3)),
                    height: UInt64(row.integer(4)), cancels: row.bool(5), isAccepted: row.bool(6))
            }
        }
    }

    /// Keeps a transaction and its nonce together: after this it may be sent.
    func add(_ attempt: Attempt, to intent: Intent, nonce: UInt64) async throws {
        try await database.write { session in
            try session.execute(
                "UPDATE chain_intents SET state = 1, nonce = ?2, reason = NULL WHERE position = ?1",
                [.integer(intent.position), SQLValue(nonce)])
            try session.execute(
                """
                INSERT INTO chain_transactions (hash, intent, number, raw, fee, tip, height, cancels, accepted)
                SELECT ?1, ?2, COALESCE(MAX(number) + 1, 0), ?3, ?4, ?5, ?6, ?7, 0
                FROM chain_transactions WHERE intent = ?2
                """,
                [
                    .blob(attempt.hash.bytes), .integer(intent.position), .blob(attempt.raw), SQLValue(attempt.fee),
                    SQLValue(attempt.tip), SQLValue(attempt.height), SQLValue(attempt.cancels),
                ])
        }
    }

    /// Notes whether the network has a transaction.
    func setAccepted(_ hash: Bytes32, _ isAccepted: Bool) async throws {
        try await database.write { session in
            try session.execute(
                "UPDATE chain_transactions SET accepted = ?2 WHERE hash = ?1", [.blob(hash.bytes), SQLValue(isAccepted)])
        }
    }

    /// Keeps what became of an intent.
    func update(_ intent: Intent) async throws {
        try await database.write { session in
            try session.execute(
                """
                UPDATE chain_intents SET state = ?2, nonce = ?3, transaction_hash = ?4, height = ?5, block_hash = ?6,
                    succeeded = ?7, reason = ?8, predecessor = ?9
                WHERE position = ?1
                """,
                [
                    .integer(intent.position), .integer(intent.state.rawValue), SQLValue(intent.nonce),
                    SQLValue(intent.inclusion?.transaction.bytes), SQLValue(intent.inclusion?.height),
                    SQLValue(intent.inclusion?.blockHash.bytes), SQLValue(intent.inclusion?.isSuccess),
                    SQLValue(intent.reason), SQLValue(intent.predecessor?.bytes),
                ])
        }
    }

    /// Forgets an intent nothing was ever signed for.
    func forget(_ intent: Intent) async throws {
        try await database.write { session in
            try session.execute(
                "DELETE FROM chain_intents WHERE position = ?1 AND nonce IS NULL AND transaction_hash IS NULL",
                [.integer(intent.position)])
        }
    }

    private static func intent(_ row: SQLRow) throws -> Intent {
        guard let sender = Address(row.blob(2)), let state = Intent.State(rawValue: row.integer(9)) else {
            throw DatabaseError(.corrupt, "an intent is not what was written")
        }
        var intent = Intent(
            id: try row.word(1), sender: sender, receiver: row.optionalBlob(3).flatMap { Address($0) }, data: row.blob(4))
        intent.position = row.integer(0)
        intent.taken = TokenAmount(UInt64(bitPattern: row.integer(5)))
        intent.isPatient = row.bool(6)
        let channels = row.blob(7)
        intent.channels = stride(from: 0, to: channels.count, by: 32).compactMap { Bytes32(channels[$0..<$0 + 32]) }
        intent.predecessor = row.optionalBlob(8).flatMap { Bytes32($0) }
        intent.state = state
        intent.nonce = row.optionalInteger(10).map { UInt64($0) }
        if !row.isNull(11) {
            intent.inclusion = Intent.Inclusion(
                transaction: try row.word(11), height: UInt64(row.integer(12)), blockHash: try row.word(13),
                isSuccess: row.bool(14))
        }
        intent.reason = row.optionalText(15)
        return intent
    }
}
