package import Contracts
import Database
package import Ledger
package import StorageModel

/// Something the farmer asked of the ledger: a claim, a proof, a withdrawal.
package struct FarmClaim: Hashable, Sendable {
    /// What it is about.
    package enum Kind: String, Hashable, Sendable {
        /// A voucher.
        case voucher
        /// The farmer's leaf in a payout root.
        case root
        /// A receipt of an agreement.
        case receipt
        /// A proof of possession.
        case proof
        /// What proofs have earned.
        case withdrawal
    }

    /// How the ledger knows it.
    package let operation: OperationID
    /// The channel, the agreement or the satellite's address.
    package let subject: Bytes32
    package let kind: Kind
    /// What it should bring.
    package let amount: TokenAmount
    /// What it costs, as estimated; nil for nothing.
    package let fee: TokenAmount?
    package let begunAt: Timestamp
    /// When it was over, one way or the other; nil while it is not.
    package var endedAt: Timestamp?
    /// Why it failed; nil when it did not.
    package var problem: String?
}

extension FarmBook {
    /// Keeps a claim, or how it ended.
    func save(_ claim: FarmClaim) async throws {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO farming_claims (id, subject, kind, amount, fee, begun_at, ended_at, problem)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, problem = excluded.problem
                """,
                [
                    SQLValue(claim.operation), SQLValue(claim.subject), SQLValue(claim.kind.rawValue),
                    SQLValue(claim.amount), SQLValue(claim.fee.map { Int64(clamping: $0.units) }), SQLValue(claim.begunAt),
                    SQLValue(claim.endedAt), SQLValue(claim.problem),
                ])
        }
    }

    /// Claims, the newest first.
    ///
    /// - Parameter onlyOpen: those whose end is not known.
    package func claims(onlyOpen: Bool = false, limit: Int = 1000) async throws -> [FarmClaim] {
        try await database.read { session in
            try session.query(
                """
                SELECT id, subject, kind, amount, fee, begun_at, ended_at, problem FROM farming_claims
                WHERE ?1 = 0 OR ended_at IS NULL ORDER BY begun_at DESC, id LIMIT ?2
                """, [SQLValue(onlyOpen), .integer(Int64(limit))]
            ) { row in
                guard let kind = FarmClaim.Kind(rawValue: row.text(2)) else {
                    throw DatabaseError(.corrupt, "a claim of an unknown kind")
                }
                return FarmClaim(
                    operation: try row.id(0, as: OperationID.self), subject: try row.hash(1), kind: kind,
                    amount: row.amount(3), fee: row.isNull(4) ? nil : row.amount(4), begunAt: row.timestamp(5),
                    endedAt: row.optionalTimestamp(6), problem: row.optionalText(7))
            }
        }
    }
}
