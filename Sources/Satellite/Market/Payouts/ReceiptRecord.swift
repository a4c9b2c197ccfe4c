package import Contracts
import Database
package import Ethereum
import Ledger
package import StorageModel

/// Money that the ledger says arrived at a farmer.
package struct ReceiptRecord: Sendable, Hashable {
    package let receipt: PayoutReceipt
    /// The block's hash: the same event in another block is another receipt.
    package let block: Bytes32
    /// The channel it came from; nil for a payout root.
    package let channel: Bytes32?
    package let farmer: Address
    /// All that had arrived from there then.
    package let cumulative: TokenAmount
    /// Whether the block stays.
    package internal(set) var isFinal: Bool
}

extension ReceiptRecord {
    private static let columns =
        "transaction_hash, event, height, block, time_at, channel, farmer, amount, cumulative, is_final"

    /// The newest first.
    static func fetch(limit: Int, in session: SQLSession) throws -> [ReceiptRecord] {
        try session.query(
            "SELECT \(columns) FROM market_receipts ORDER BY height DESC, transaction_hash, event LIMIT ?1",
            [SQLValue(limit)]
        ) { try ReceiptRecord($0) }
    }

    /// What came to a farmer from roots, or from a channel, oldest first.
    static func fetch(farmer: Address, channel: Bytes32?, in session: SQLSession) throws -> [ReceiptRecord] {
        try session.query(
            """
            SELECT \(columns) FROM market_receipts
            WHERE farmer = ?1 AND (channel = ?2 OR (?2 IS NULL AND channel IS NULL)) ORDER BY height, event
            """, [.blob(farmer.bytes), SQLValue(channel?.bytes)]
        ) { try ReceiptRecord($0) }
    }

    /// What every wallet got by roots, also in blocks that may vanish.
    static func paidByRoots(in session: SQLSession) throws -> [Address: TokenAmount] {
        let rows = try session.query(
            "SELECT farmer, sum(amount) FROM market_receipts WHERE channel IS NULL GROUP BY farmer"
        ) { row in
            guard let farmer = Address(row.blob(0)) else { throw DatabaseError(.corrupt, "a receipt does not parse") }
            return (farmer, TokenAmount(UInt64(clamping: row.integer(1))))
        }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    /// Those whose blocks were not known to stay, below a height.
    static func unsettled(below height: UInt64, in session: SQLSession) throws -> [ReceiptRecord] {
        try session.query(
            "SELECT \(columns) FROM market_receipts WHERE is_final = 0 AND height < ?1 ORDER BY height, event",
            [.integer(Int64(clamping: height))]
        ) { try ReceiptRecord($0) }
    }

    static func fetch(at place: EventPlace, in session: SQLSession) throws -> ReceiptRecord? {
        try session.first(
            "SELECT \(columns) FROM market_receipts WHERE transaction_hash = ?1 AND event = ?2 AND block = ?3",
            [.blob(place.transaction.bytes), SQLValue(Int64(place.index)), .blob(place.hash.bytes)]
        ) { try ReceiptRecord($0) }
    }

    func save(in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO market_receipts (\(Self.columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            ON CONFLICT (transaction_hash, event, block) DO UPDATE SET is_final = excluded.is_final
            """,
            [
                .blob(receipt.transaction.bytes), SQLValue(Int64(receipt.index)), .integer(Int64(clamping: receipt.height)),
                .blob(block.bytes), .integer(Int64(clamping: receipt.time)), SQLValue(channel?.bytes),
                .blob(farmer.bytes), .integer(Int64(clamping: receipt.amount.units)),
                .integer(Int64(clamping: cumulative.units)), SQLValue(isFinal ? 1 : 0),
            ])
    }

    func delete(in session: SQLSession) throws {
        try session.execute(
            "DELETE FROM market_receipts WHERE transaction_hash = ?1 AND event = ?2 AND block = ?3",
            [.blob(receipt.transaction.bytes), SQLValue(Int64(receipt.index)), .blob(block.bytes)])
    }

    private init(_ row: SQLRow) throws {
        guard let transaction = Bytes32(row.blob(0)), let block = Bytes32(row.blob(3)), let farmer = Address(row.blob(6))
        else { throw DatabaseError(.corrupt, "a receipt does not parse") }
        self.init(
            receipt: PayoutReceipt(
                transaction: transaction, height: UInt64(clamping: row.integer(2)), index: UInt32(clamping: row.integer(1)),
                time: UInt64(clamping: row.integer(4)), amount: TokenAmount(UInt64(clamping: row.integer(7)))),
            block: block, channel: row.optionalBlob(5).flatMap { Bytes32($0) }, farmer: farmer,
            cumulative: TokenAmount(UInt64(clamping: row.integer(8))), isFinal: row.integer(9) != 0)
    }
}
