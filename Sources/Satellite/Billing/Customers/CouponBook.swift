package import Accounts
package import Contracts
import Database
package import StorageModel

/// A coupon: so much off the next bills.
package struct Coupon: Sendable, Hashable {
    /// What people type.
    package let code: String
    package let amount: USDAmount
    /// When it is of no use any more.
    package let validUntil: Timestamp
    /// Customers that can still take it.
    package let usesLeft: Int

    /// A coupon.
    package init(code: String, amount: USDAmount, validUntil: Timestamp, usesLeft: Int) {
        self.code = code
        self.amount = amount
        self.validUntil = validUntil
        self.usesLeft = usesLeft
    }
}

/// The coupons, and who has what left of which.
package struct CouponBook: Sendable {
    private let parts: BillingParts

    init(parts: BillingParts) { self.parts = parts }

    /// Makes a coupon.
    ///
    /// - Throws: `BillingError` `.invalid`, `.alreadyExists`; `DatabaseError`.
    package func create(_ coupon: Coupon) async throws {
        guard (1...64).contains(coupon.code.utf8.count), coupon.amount > .zero, coupon.usesLeft > 0 else {
            throw BillingError(.invalid, "a coupon has a code of 1 to 64 bytes, an amount and a number of uses")
        }
        try await parts.database.write { session in
            let isNew = try session.execute(
                """
                INSERT INTO coupons (code, amount, valid_until, uses_left) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (code) DO NOTHING
                """,
                [
                    .text(coupon.code), .integer(coupon.amount.micro), SQLValue(coupon.validUntil),
                    SQLValue(coupon.usesLeft),
                ])
            guard isNew > 0 else { throw BillingError(.alreadyExists, "there is a coupon with this code") }
        }
    }

    /// All coupons, by code.
    ///
    /// - Throws: `DatabaseError`.
    package func all() async throws -> [Coupon] {
        try await parts.database.read { session in
            try session.query("SELECT code, amount, valid_until, uses_left FROM coupons ORDER BY code") { row in
                Coupon(
                    code: row.text(0), amount: USDAmount(micro: row.integer(1)), validUntil: row.timestamp(2),
                    usesLeft: row.int(3))
            }
        }
    }

    /// Gives a customer a coupon; taking it again changes nothing.
    ///
    /// - Throws: `BillingError` `.notFound`, `.invalid` for one that is used up or too old; `DatabaseError`.
    package func apply(_ code: String, to user: UserID) async throws {
        let now = parts.clock.now()
        try await parts.database.write { session in
            let isTaken = try session.first(
                "SELECT 1 FROM customer_coupons WHERE user_id = ?1 AND code = ?2", [SQLValue(user), .text(code)]
            ) { _ in true }
            if isTaken != nil { return }
            let coupon = try session.first(
                "SELECT amount, valid_until, uses_left FROM coupons WHERE code = ?1", [.text(code)]
            ) { ($0.integer(0), $0.timestamp(1), $0.int(2)) }
            guard let coupon else { throw BillingError(.notFound, "there is no coupon with this code") }
            guard coupon.1 > now, coupon.2 > 0 else { throw BillingError(.invalid, "this coupon cannot be taken any more") }
            try session.execute("UPDATE coupons SET uses_left = uses_left - 1 WHERE code = ?1", [.text(code)])
            try session.execute(
                "INSERT INTO customer_coupons (user_id, code, remaining, valid_until) VALUES (?1, ?2, ?3, ?4)",
                [SQLValue(user), .text(code), .integer(coupon.0), SQLValue(coupon.1)])
        }
    }

    /// What a customer has left, by code.
    ///
    /// - Throws: `DatabaseError`.
    package func remaining(of user: UserID) async throws -> [(code: String, amount: USDAmount)] {
        try await parts.database.read { session in
            try session.query(
                "SELECT code, remaining FROM customer_coupons WHERE user_id = ?1 AND remaining > 0 ORDER BY code",
                [SQLValue(user)]
            ) { ($0.text(0), USDAmount(micro: $0.integer(1))) }
        }
    }

    /// Takes coupons off a bill, those that end first before others; the lines to write on it.
    static func redeem(
        _ total: USDAmount, of user: UserID, month: BillingMonth, in session: SQLSession
    ) throws -> [InvoiceLine] {
        // A coupon counts for the whole month in which it was still valid.
        let coupons = try session.query(
            """
            SELECT code, remaining FROM customer_coupons WHERE user_id = ?1 AND remaining > 0 AND valid_until > ?2
            ORDER BY valid_until, code
            """, [SQLValue(user), .integer(month.start * 1_000_000)]
        ) { ($0.text(0), $0.integer(1)) }
        var rest = total.micro
        var lines: [InvoiceLine] = []
        for (code, remaining) in coupons where rest > 0 {
            let amount = min(rest, remaining)
            rest -= amount
            try session.execute(
                "UPDATE customer_coupons SET remaining = remaining - ?3 WHERE user_id = ?1 AND code = ?2",
                [SQLValue(user), .text(code), .integer(amount)])
            lines.append(InvoiceLine(.coupon, amount: USDAmount(micro: -amount), reference: code))
        }
        return lines
    }
}
