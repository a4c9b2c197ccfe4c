package import Contracts
import Database
import StorageModel

extension FarmBook {
    /// All sheets the farmer ever signed, the newest first.
    package func sheets() async throws -> [SignedPriceSheet] {
        try await database.read { session in
            try session.query("SELECT sheet FROM farming_sheets ORDER BY sequence DESC") {
                try SignedPriceSheet(stored: $0.blob(0))
            }
        }
    }

    /// Signs and keeps the next sheet: whatever happens, no number is ever given to two sheets.
    ///
    /// - Parameters:
    ///   - number: the least number; the time, so that also a node that lost its book signs something newer than before.
    ///   - make: makes the sheet with its number.
    func addSheet(
        atLeast number: UInt64, _ make: @escaping @Sendable (UInt64) throws -> SignedPriceSheet
    ) async throws -> SignedPriceSheet {
        try await database.write { session in
            let last = try session.first("SELECT COALESCE(MAX(sequence), 0) FROM farming_sheets") { $0.integer(0) } ?? 0
            let next = max(last + 1, Int64(clamping: number))
            let sheet = try make(UInt64(clamping: next))
            try session.execute(
                "INSERT INTO farming_sheets (sequence, sheet) VALUES (?1, ?2)", [SQLValue(next), SQLValue(sheet.encoded)])
            return sheet
        }
    }

    /// The newest binding; nil before the first.
    func binding() async throws -> SignedWalletBinding? {
        try await database.read { session in
            try session.first("SELECT binding FROM farming_bindings ORDER BY sequence DESC LIMIT 1") {
                try SignedWalletBinding(stored: $0.blob(0))
            }
        }
    }

    /// Keeps a binding.
    func add(_ binding: SignedWalletBinding) async throws {
        try await database.write { session in
            try session.execute(
                "INSERT INTO farming_bindings (sequence, binding) VALUES (?1, ?2)",
                [.integer(Int64(clamping: binding.binding.sequence)), SQLValue(binding.encoded)])
        }
    }

    /// Notes from when on a payer counts with a sheet.
    func confirm(sequence: UInt64, since: UInt64, by payer: NodeID) async throws {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO farming_confirmed (satellite, sequence, since) VALUES (?1, ?2, ?3)
                ON CONFLICT (satellite, sequence) DO NOTHING
                """, [SQLValue(payer), .integer(Int64(clamping: sequence)), .integer(Int64(clamping: since))])
        }
    }

    /// The newest sheet that a payer had at a moment, seconds since 1970; nil when it had none, or that one was over.
    func sheet(of payer: NodeID, at moment: UInt64) async throws -> SignedPriceSheet? {
        let newest = try await database.read { session in
            try session.first(
                """
                SELECT s.sheet FROM farming_confirmed c JOIN farming_sheets s ON s.sequence = c.sequence
                WHERE c.satellite = ?1 AND c.since <= ?2 ORDER BY c.sequence DESC LIMIT 1
                """, [SQLValue(payer), .integer(Int64(clamping: moment))]
            ) { try SignedPriceSheet(stored: $0.blob(0)) }
        }
        return newest.flatMap { moment < $0.sheet.validUntil ? $0 : nil }
    }
}

extension RLPValue {
    /// Reads what the book has written itself.
    ///
    /// - Throws: `DatabaseError` of kind `corrupt`.
    init(stored bytes: [UInt8]) throws {
        do { try self.init(encoded: bytes) } catch {
            throw DatabaseError(.corrupt, "a row of the farmer's book cannot be read: \(error)")
        }
    }
}

extension SQLValue {
    /// An amount of money that was checked to fit.
    init(_ amount: TokenAmount) { self = .integer(Int64(clamping: amount.units)) }

    /// A hash.
    init(_ hash: Bytes32) { self = .blob(hash.bytes) }
}

extension SQLRow {
    /// An amount of money.
    func amount(_ column: Int) -> TokenAmount { TokenAmount(UInt64(clamping: integer(column))) }

    /// A hash.
    ///
    /// - Throws: `DatabaseError` of kind `corrupt`.
    func hash(_ column: Int) throws -> Bytes32 {
        guard let hash = Bytes32(blob(column)) else { throw DatabaseError(.corrupt, "a hash has 32 bytes") }
        return hash
    }
}
