import Contracts
import Database
import StorageModel

extension DirectBook {
    /// All agreements, by deal and node.
    func agreements() async throws -> [AgreementRecord] {
        try await database.read {
            try $0.query("SELECT \(AgreementRecord.columns) FROM direct_agreements ORDER BY deal, node, id") {
                try AgreementRecord($0)
            }
        }
    }

    /// Keeps an agreement as it is now; receipts never shrink.
    func save(_ agreement: AgreementRecord) async throws {
        try await database.write { session in
            let known = try session.first(
                "SELECT \(AgreementRecord.columns) FROM direct_agreements WHERE id = ?1", [SQLValue(agreement.id.bytes)]
            ) { try AgreementRecord($0) }
            if let known, !known.receipt.periods.allSatisfy(agreement.receipt.contains) {
                throw DirectError.damaged("a receipt would take back what an older one gave")
            }
            try session.execute(
                """
                INSERT INTO direct_agreements (\(AgreementRecord.columns))
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                ON CONFLICT (id) DO UPDATE SET
                    state = ?4, farmer_signature = ?6, receipt = ?7, delivered = ?8, refusal = ?9
                """, agreement.values)
        }
    }

    /// Forgets terms that nobody signed.
    func drop(_ agreement: AgreementRecord) async throws {
        try await database.write { session in
            try session.execute(
                "DELETE FROM direct_agreements WHERE id = ?1 AND state = ?2",
                [SQLValue(agreement.id.bytes), SQLValue(AgreementRecord.State.proposed.rawValue)])
        }
    }

    /// What became of the heartbeats of an agreement, by period.
    func periods(of agreement: AgreementRecord) async throws -> [PeriodRecord] {
        try await database.read { session in
            try session.query(
                "SELECT \(PeriodRecord.columns) FROM direct_heartbeats WHERE agreement = ?1 ORDER BY period",
                [SQLValue(agreement.id.bytes)]
            ) { row in
                PeriodRecord(
                    agreement: agreement.id, period: UInt64(clamping: row.integer(1)), verdict: row.text(2),
                    detail: row.text(3), attempts: row.int(4), time: row.timestamp(5))
            }
        }
    }

    /// Keeps what became of a heartbeat.
    func save(_ record: PeriodRecord) async throws {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO direct_heartbeats (\(PeriodRecord.columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                ON CONFLICT (agreement, period) DO UPDATE SET verdict = ?3, detail = ?4, attempts = ?5, at = ?6
                """,
                [
                    SQLValue(record.agreement.bytes), SQLValue(Int64(clamping: record.period)), SQLValue(record.verdict),
                    SQLValue(record.detail), SQLValue(record.attempts), SQLValue(record.time),
                ])
        }
    }
}
