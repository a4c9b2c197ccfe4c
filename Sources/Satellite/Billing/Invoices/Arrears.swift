package import Accounts
package import Contracts
import Database
import Logging
package import StorageModel

/// A bill that stayed open for too long.
package struct Arrear: Sendable, Hashable {
    package let user: UserID
    package let invoice: String
    package let open: USDAmount
    package let issuedAt: Timestamp
    /// When its customer was warned; nil before.
    package let warnedAt: Timestamp?
}

/// Warns customers of open bills, freezes their accounts when nothing happens, and unfreezes them when all is paid.
package struct Arrears: Sendable {
    private let parts: BillingParts
    private let settings: BillingSettings

    init(parts: BillingParts, settings: BillingSettings) {
        self.parts = parts
        self.settings = settings
    }

    /// The open bills, the oldest first.
    ///
    /// - Throws: `DatabaseError`.
    package func open() async throws -> [Arrear] {
        try await parts.database.read { session in
            try session.query(
                """
                SELECT open_invoices.user_id, open_invoices.number, open, issued_at, warned_at FROM open_invoices
                JOIN invoices ON invoices.number = open_invoices.number ORDER BY issued_at, open_invoices.number
                """
            ) { row in
                Arrear(
                    user: try row.id(0, as: UserID.self), invoice: row.text(1), open: USDAmount(micro: row.integer(2)),
                    issuedAt: row.timestamp(3), warnedAt: row.optionalTimestamp(4))
            }
        }
    }

    /// Goes through the open bills once.
    ///
    /// - Throws: `DatabaseError`.
    package func step() async throws {
        let now = parts.clock.now()
        let open = try await open()
        for arrear in open {
            let age = now.duration(since: arrear.issuedAt)
            if age >= settings.warnAfter, arrear.warnedAt == nil { try await warn(arrear, at: now) }
            // Nobody is frozen who was not warned long enough before, whatever the clock does.
            let isWarned = arrear.warnedAt.map { now.duration(since: $0) >= settings.freezeAfter - settings.warnAfter } ?? false
            if age >= settings.freezeAfter, isWarned { try await freeze(arrear) }
        }
        let owing = Set(open.map(\.user))
        for freeze in try await parts.accounts.freezes() where freeze.kind == .billing {
            guard case .user(let user) = freeze.subject, !owing.contains(user) else { continue }
            try await parts.accounts.unfreeze(freeze.subject, .billing)
            parts.logger.notice("account unfrozen: all bills are paid", metadata: ["user": "\(user.account)"])
        }
    }

    private func warn(_ arrear: Arrear, at now: Timestamp) async throws {
        try await parts.database.write { session in
            try session.execute(
                "UPDATE open_invoices SET warned_at = ?2 WHERE number = ?1", [.text(arrear.invoice), SQLValue(now)])
        }
        parts.logger.notice("invoice is overdue", metadata: ["invoice": "\(arrear.invoice)"])
    }

    private func freeze(_ arrear: Arrear) async throws {
        let isNew = try await parts.accounts.freeze(
            .user(arrear.user), .billing, reason: "invoice \(arrear.invoice) is not paid")
        if isNew { parts.logger.warning("account frozen", metadata: ["invoice": "\(arrear.invoice)"]) }
    }
}
