package import Accounts
package import Contracts
import Database
import Ledger
import Logging
import StorageModel

/// Charges cards through Stripe: at most once for a payment, however many answers are lost and processes end.
///
/// A payment is written down before anybody is asked. The service is first told of a payment that charges nothing, its
/// name is written down, and only then is it confirmed: who does not know what became of it asks for it by that name.
package struct CardPayments: Sendable {
    let parts: BillingParts
    let settings: BillingSettings
    let stripe: StripeClient?

    init(parts: BillingParts, settings: BillingSettings) {
        self.parts = parts
        self.settings = settings
        stripe = settings.stripeURL.map { StripeClient(url: $0, key: settings.stripeKey) }
    }

    func client() throws -> StripeClient {
        guard let stripe else { throw BillingError(.unavailable, "this satellite takes no cards") }
        return stripe
    }

    // MARK: Cards

    /// Keeps a card for a customer; it replaces the one before. Card numbers never come here: pages send them to the
    /// service, which gives out a name for each.
    ///
    /// - Parameter method: the service's name for the card.
    /// - Throws: `BillingError` `.declined`, `.invalid`, `.unavailable`; `DatabaseError`.
    package func attach(_ method: String, to user: UserID) async throws {
        let stripe = try client()
        let method = try Self.checked(method)
        let customer = try await customer(user, stripe)
        let attached: StripeClient.Method = try await refusing {
            try await stripe.post(
                "/v1/payment_methods/\(method)/attach", [("customer", customer)],
                idempotencyKey: "attach-\(user.account)-\(method)")
        }
        try await keep(attached, of: user)
    }

    func keep(_ card: StripeClient.Method, of user: UserID) async throws {
        try await parts.database.write { session in
            try session.execute(
                "UPDATE billing_customers SET payment_method = ?2, card_label = ?3 WHERE user_id = ?1",
                [SQLValue(user), .text(card.id), .text(card.label)])
        }
    }

    func customer(_ user: UserID, _ stripe: StripeClient) async throws -> String {
        let known = try await parts.database.read { session in
            try session.first(
                "SELECT stripe_customer FROM billing_customers WHERE user_id = ?1", [SQLValue(user)]
            ) { $0.optionalText(0) } ?? nil
        }
        if let known { return known }
        let made: StripeClient.Customer = try await refusing {
            try await stripe.post(
                "/v1/customers", [("description", user.account)], idempotencyKey: "customer-\(user.account)")
        }
        try await parts.database.write { session in
            try session.execute(
                """
                INSERT INTO billing_customers (user_id, stripe_customer) VALUES (?1, ?2)
                ON CONFLICT (user_id) DO UPDATE SET stripe_customer = ?2
                """, [SQLValue(user), .text(made.id)])
        }
        return made.id
    }

    // MARK: Payments

    /// Charges a customer's card and credits what it gives.
    ///
    /// - Parameters:
    ///   - id: names the payment; asking again with the same id charges nothing more and says how it stands.
    ///   - amount: whole cents.
    /// - Returns: the payment; `confirming` when only the service knows, which is asked again.
    /// - Throws: `BillingError` `.declined`, `.invalid`, `.unavailable`; `DatabaseError`.
    package func pay(_ amount: USDAmount, by user: UserID, id: String) async throws -> CardPayment {
        _ = try client()
        guard settings.cardRange.contains(amount), amount.micro % 10_000 == 0 else {
            throw BillingError(
                .invalid,
                "a card pays whole cents, \(settings.cardRange.lowerBound) to \(settings.cardRange.upperBound) dollars")
        }
        guard (1...64).contains(id.utf8.count) else { throw BillingError(.invalid, "a payment's id has 1 to 64 bytes") }
        let now = parts.clock.now()
        let payment = try await parts.database.write { session in
            try session.execute(
                """
                INSERT INTO card_payments (id, user_id, amount, state, note, created_at)
                VALUES (?1, ?2, ?3, 'wanted', '', ?4) ON CONFLICT (id) DO NOTHING
                """, [.text(id), SQLValue(user), .integer(amount.micro), SQLValue(now)])
            return try Self.payment(id, in: session)
        }
        guard let payment, payment.user == user, payment.amount == amount else {
            throw BillingError(.alreadyExists, "this id stands for another payment")
        }
        let done = try await advance(payment)
        if done.state == .failed { throw BillingError(.declined, done.note) }
        return done
    }

    /// A customer's payments, the newest first.
    ///
    /// - Throws: `DatabaseError`.
    package func payments(of user: UserID) async throws -> [CardPayment] {
        try await parts.database.read { session in
            try session.query(
                "SELECT \(CardPayment.columns) FROM card_payments WHERE user_id = ?1 ORDER BY created_at DESC, id",
                [SQLValue(user)], CardPayment.init)
        }
    }

    /// Goes on with payments whose outcome nobody knows yet.
    ///
    /// - Throws: `DatabaseError`.
    func resume() async throws {
        guard stripe != nil else { return }
        let open = try await parts.database.read { session in
            try session.query(
                "SELECT \(CardPayment.columns) FROM card_payments WHERE state NOT IN ('succeeded', 'failed') ORDER BY id", [],
                CardPayment.init)
        }
        for payment in open {
            do { _ = try await advance(payment) } catch let error as BillingError {
                parts.logger.warning("card payment waits", metadata: ["payment": "\(payment.id)", "error": "\(error)"])
            }
        }
    }

    private func advance(_ payment: CardPayment) async throws -> CardPayment {
        let stripe = try client()
        var payment = payment
        if payment.state == .wanted { payment = try await prepare(payment, stripe) }
        if payment.state == .prepared {
            payment = try await set(payment, .confirming)
            payment = try await confirm(payment, stripe)
        } else if payment.state == .confirming {
            payment = try await inquire(payment, stripe)
        }
        return payment
    }

    /// Tells the service of a payment; nothing is charged, so one that is told twice does no harm.
    private func prepare(_ payment: CardPayment, _ stripe: StripeClient) async throws -> CardPayment {
        let known = try await parts.database.read { session in
            try session.first(
                "SELECT stripe_customer, payment_method FROM billing_customers WHERE user_id = ?1",
                [SQLValue(payment.user)]
            ) { ($0.optionalText(0), $0.optionalText(1)) }
        }
        guard let customer = known?.0, let method = known?.1 else {
            return try await set(payment, .failed, note: "there is no card")
        }
        do {
            let intent: StripeClient.Intent = try await stripe.post(
                "/v1/payment_intents",
                [
                    ("amount", "\(payment.amount.micro / 10_000)"), ("currency", "usd"), ("customer", customer),
                    ("payment_method", method), ("payment_method_types[]", "card"), ("metadata[payment]", payment.id),
                    ("capture_method", "automatic"),
                ], idempotencyKey: "intent-\(payment.id)")
            return try await set(payment, .prepared, intent: intent.id)
        } catch let refusal as StripeClient.Refusal {
            return try await set(payment, .failed, note: refusal.message)
        }
    }

    private func confirm(_ payment: CardPayment, _ stripe: StripeClient) async throws -> CardPayment {
        guard let name = payment.intent else { return payment }
        do {
            let intent: StripeClient.Intent = try await stripe.post(
                "/v1/payment_intents/\(try Self.checked(name))/confirm", [], idempotencyKey: "confirm-\(payment.id)")
            return try await conclude(payment, intent)
        } catch let refusal as StripeClient.Refusal {
            if refusal.isDecline { return try await set(payment, .failed, note: refusal.message) }
            return try await inquire(payment, stripe)
        } catch let error as BillingError where error.code == .unavailable {
            // The word may have been heard: only asking tells, now or later.
            return try await inquire(payment, stripe)
        }
    }

    /// Asks what became of a payment. One the service never heard the word for is confirmed now: under the same key.
    private func inquire(_ payment: CardPayment, _ stripe: StripeClient) async throws -> CardPayment {
        guard let name = payment.intent else { return payment }
        let intent: StripeClient.Intent = try await refusing {
            try await stripe.get("/v1/payment_intents/\(try Self.checked(name))")
        }
        if intent.status == "requires_confirmation" {
            return try await set(payment, .prepared, intent: intent.id)
        }
        return try await conclude(payment, intent)
    }

    private func conclude(_ payment: CardPayment, _ intent: StripeClient.Intent) async throws -> CardPayment {
        guard intent.amount == payment.amount.micro / 10_000 else {
            return try await set(payment, .failed, note: "the card service has another amount")
        }
        switch intent.status {
        case "succeeded": return try await credit(payment)
        case "processing", "requires_capture": return payment
        case "requires_action": return try await set(payment, .failed, note: "the card asks its holder for a confirmation")
        default: return try await set(payment, .failed, note: intent.last_payment_error?.message ?? "the card was declined")
        }
    }

    private func credit(_ payment: CardPayment) async throws -> CardPayment {
        let now = parts.clock.now()
        let done = try await parts.database.write { session -> CardPayment? in
            try session.execute("UPDATE card_payments SET state = 'succeeded', note = '' WHERE id = ?1", [.text(payment.id)])
            _ = try CreditDesk.post(
                CreditDesk.Credit(
                    id: "card/\(payment.id)", user: payment.user, amount: payment.amount, source: .cards,
                    note: "paid by card", time: now), in: session)
            return try Self.payment(payment.id, in: session)
        }
        parts.logger.info("card payment credited", metadata: ["payment": "\(payment.id)"])
        return done ?? payment
    }

    private func set(
        _ payment: CardPayment, _ state: CardPayment.State, intent: String? = nil, note: String = ""
    ) async throws -> CardPayment {
        try await parts.database.write { session in
            // What has ended stays so, whoever else was at it.
            try session.execute(
                """
                UPDATE card_payments SET state = ?2, intent = COALESCE(?3, intent), note = ?4
                WHERE id = ?1 AND state NOT IN ('succeeded', 'failed')
                """, [.text(payment.id), .text(state.rawValue), SQLValue(intent), .text(note)])
            return try Self.payment(payment.id, in: session) ?? payment
        }
    }

    private static func payment(_ id: String, in session: SQLSession) throws -> CardPayment? {
        try session.first(
            "SELECT \(CardPayment.columns) FROM card_payments WHERE id = ?1", [.text(id)], CardPayment.init)
    }

    /// A name of the service's, as part of a path.
    static func checked(_ name: String) throws -> String {
        let isName = name.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        }
        guard isName, (1...128).contains(name.utf8.count) else {
            throw BillingError(.invalid, "this is no name of a card or payment")
        }
        return name
    }

    func refusing<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        do { return try await body() } catch let refusal as StripeClient.Refusal {
            throw BillingError(refusal.isDecline ? .declined : .invalid, refusal.message)
        }
    }
}
