import Database
import Ethereum
import StorageModel

/// What a scanner keeps: every function is one transaction, or runs in one.
struct ScannerStore: Sendable {
    let database: Database
    let name: String

    /// A block whose hash is kept.
    struct KnownBlock: Hashable, Sendable {
        let height: UInt64
        let hash: Bytes32
    }

    /// Where a scanner is.
    struct Progress: Sendable {
        /// The next block to read.
        var next: UInt64
        /// Newest first.
        var blocks: [KnownBlock]
    }

    /// A line with what is known of its place.
    struct FoundLog: Sendable {
        let log: ChainLog
        let time: UInt64
        /// Which of its transaction's lines, from 0.
        let ordinal: UInt32
    }

    /// A range that was read.
    struct Range: Sendable {
        var logs: [FoundLog]
        var blocks: [KnownBlock]
        var next: UInt64
    }

    /// Blocks that are kept in all; above the ones kept one by one there are the ends of older ranges.
    private static let maximumBlocks: Int64 = 256

    /// Makes the tables and the scanner's row, or checks that it is the one that was here before.
    func open(chain: UInt64, subject: [UInt8], start: UInt64) async throws {
        try await database.migrate(room: ScannerSchema.room, ScannerSchema.migrations)
        let name = name
        let before = try await database.write { session in
            let before = try session.first("SELECT chain, subject FROM chain_scanners WHERE name = ?1", [.text(name)]) {
                (UInt64(bitPattern: $0.integer(0)), $0.blob(1))
            }
            if before == nil {
                try session.execute(
                    "INSERT INTO chain_scanners (name, chain, subject, next) VALUES (?1, ?2, ?3, ?4)",
                    [.text(name), .integer(Int64(bitPattern: chain)), .blob(subject), SQLValue(start)])
            }
            return before
        }
        guard let before else { return }
        guard before.0 == chain else {
            throw LedgerError.wrongLedger(expected: "chain \(before.0)", actual: "chain \(chain)")
        }
        guard before.1 == subject else {
            throw LedgerError.wrongLedger(expected: "the contracts read before", actual: "other contracts")
        }
    }

    func progress() async throws -> Progress {
        let name = name
        return try await database.read { session in
            let next = try session.first("SELECT next FROM chain_scanners WHERE name = ?1", [.text(name)]) {
                UInt64($0.integer(0))
            }
            let blocks = try session.query(
                "SELECT height, hash FROM chain_blocks WHERE scanner = ?1 ORDER BY height DESC", [.text(name)]
            ) { KnownBlock(height: UInt64($0.integer(0)), hash: try $0.word(1)) }
            guard let next else { throw DatabaseError(.corrupt, "the scanner was never opened") }
            return Progress(next: next, blocks: blocks)
        }
    }

    /// Takes back everything above a block, newest first; nil takes back all.
    ///
    /// - Returns: how many lines are gone.
    func retract(above fork: UInt64?, start: UInt64) async throws -> Int {
        let name = name
        let last = fork.map { Int64($0) } ?? -1
        return try await database.write { session in
            let positions = try session.query(
                """
                SELECT position FROM chain_changes WHERE scanner = ?1 AND live = 1 AND height > ?2 ORDER BY position DESC
                """, [.text(name), .integer(last)]
            ) { $0.integer(0) }
            for position in positions {
                try session.execute("UPDATE chain_changes SET live = 0 WHERE position = ?1", [.integer(position)])
                try session.execute(
                    """
                    INSERT INTO chain_changes
                        (scanner, retracts, live, height, hash, time, transaction_hash, transaction_index, log_index,
                        contract, topics, data, ordinal)
                    SELECT scanner, position, 0, height, hash, time, transaction_hash, transaction_index, log_index,
                        contract, topics, data, ordinal
                    FROM chain_changes WHERE position = ?1
                    """, [.integer(position)])
            }
            try session.execute(
                "DELETE FROM chain_blocks WHERE scanner = ?1 AND height > ?2", [.text(name), .integer(last)])
            try session.execute(
                "UPDATE chain_scanners SET next = ?2 WHERE name = ?1",
                [.text(name), SQLValue(fork.map { $0 + 1 } ?? start)])
            return positions.count
        }
    }

    /// Keeps a range, its lines and where to go on, all or nothing.
    func append(_ range: Range) async throws {
        let name = name
        try await database.write { session in
            for found in range.logs {
                let log = found.log
                try session.execute(
                    """
                    INSERT INTO chain_changes
                        (scanner, live, height, hash, time, transaction_hash, transaction_index, log_index, contract,
                        topics, data, ordinal)
                    VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                    """,
                    [
                        .text(name), SQLValue(log.height), .blob(log.blockHash.bytes), SQLValue(found.time),
                        .blob(log.transaction.bytes), SQLValue(log.transactionIndex), SQLValue(log.index),
                        .blob(log.contract.bytes), .blob(log.topics.flatMap(\.bytes)), .blob(log.data),
                        SQLValue(found.ordinal),
                    ])
            }
            for block in range.blocks {
                try session.execute(
                    "INSERT INTO chain_blocks (scanner, height, hash) VALUES (?1, ?2, ?3)",
                    [.text(name), SQLValue(block.height), .blob(block.hash.bytes)])
            }
            try session.execute(
                """
                DELETE FROM chain_blocks WHERE scanner = ?1 AND height <= (
                    SELECT height FROM chain_blocks WHERE scanner = ?1 ORDER BY height DESC LIMIT 1 OFFSET ?2)
                """, [.text(name), .integer(Self.maximumBlocks)])
            try session.execute(
                "UPDATE chain_scanners SET next = ?2 WHERE name = ?1", [.text(name), SQLValue(range.next)])
        }
    }

    /// What was learnt after a position, in order, with the newest block that was read.
    func changes(after position: Int64, limit: Int) async throws -> (changes: [LogChange], head: UInt64) {
        let name = name
        return try await database.read { session in
            let changes = try session.query(
                """
                SELECT position, retracts, live, height, hash, time, transaction_hash, transaction_index, log_index,
                    contract, topics, data, ordinal
                FROM chain_changes WHERE scanner = ?1 AND position > ?2 ORDER BY position LIMIT ?3
                """, [.text(name), .integer(position), SQLValue(limit)], Self.change)
            let next = try session.first("SELECT next FROM chain_scanners WHERE name = ?1", [.text(name)]) {
                UInt64($0.integer(0))
            }
            return (changes, next.map { $0 > 0 ? $0 - 1 : 0 } ?? 0)
        }
    }

    private static func change(_ row: SQLRow) throws -> LogChange {
        let topics = row.blob(10)
        guard let contract = Address(row.blob(9)), topics.count % Bytes32.byteCount == 0 else {
            throw DatabaseError(.corrupt, "a line of a contract is not what was written")
        }
        let words = stride(from: 0, to: topics.count, by: Bytes32.byteCount).compactMap { Bytes32(topics[$0..<$0 + 32]) }
        return LogChange(
            position: row.integer(0), isAdded: row.isNull(1), isLive: row.bool(2),
            log: ChainLog(
                contract: contract, topics: words, data: row.blob(11), height: UInt64(row.integer(3)),
                blockHash: try row.word(4), transaction: try row.word(6), transactionIndex: UInt64(row.integer(7)),
                index: UInt64(row.integer(8))), time: UInt64(row.integer(5)), ordinal: UInt32(row.integer(12)))
    }
}

extension SQLRow {
    /// Thirty-two bytes.
    func word(_ column: Int) throws -> Bytes32 {
        guard let word = Bytes32(blob(column)) else { throw DatabaseError(.corrupt, "a hash has a wrong length") }
        return word
    }
}
