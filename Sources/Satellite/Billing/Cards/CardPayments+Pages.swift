package import Accounts
import Database

/// What pages need of cards: which one is kept, and how a customer gives one without its number ever coming here.
///
/// - Source: Stripe API reference (Checkout sessions in mode `setup`).
extension CardPayments {
    /// Whether cards are taken at all.
    package var isAvailable: Bool { stripe != nil }

    /// What a customer recognizes the kept card by; nil when none is kept.
    ///
    /// - Throws: `DatabaseError`.
    package func card(of user: UserID) async throws -> String? {
        try await parts.database.read { session in
            try session.first(
                "SELECT COALESCE(card_label, 'a card') FROM billing_customers WHERE user_id = ?1 AND payment_method IS NOT NULL",
                [SQLValue(user)]
            ) { $0.text(0) }
        }
    }

    /// Forgets a customer's card.
    ///
    /// - Throws: `DatabaseError`.
    package func detach(from user: UserID) async throws {
        try await parts.database.write { session in
            try session.execute(
                "UPDATE billing_customers SET payment_method = NULL, card_label = NULL WHERE user_id = ?1", [SQLValue(user)])
        }
    }

    /// Asks the service for a page of its own on which a customer gives it a card; where that page is.
    ///
    /// - Parameters:
    ///   - address: where the customer comes back to; `{CHECKOUT_SESSION_ID}` in it becomes the page's name.
    ///   - id: names the request; asking again with it gives the same page.
    /// - Throws: `BillingError` `.invalid`, `.unavailable`; `DatabaseError`.
    package func beginCard(of user: UserID, returningTo address: String, id: String) async throws -> String {
        let stripe = try client()
        let customer = try await customer(user, stripe)
        let page: StripeClient.Checkout = try await refusing {
            try await stripe.post(
                "/v1/checkout/sessions",
                [
                    ("mode", "setup"), ("currency", "usd"), ("customer", customer), ("success_url", address),
                    ("cancel_url", address.split(separator: "?").first.map(String.init) ?? address),
                ], idempotencyKey: "checkout-\(user.account)-\(id)")
        }
        guard let url = page.url, url.hasPrefix("https://") || settings.stripeURL?.hasPrefix("http://") == true else {
            throw BillingError(.unavailable, "the card service has no page for this")
        }
        return url
    }

    /// Keeps the card that a customer gave the service on its page.
    ///
    /// - Parameter page: the page's name; another customer's is refused as one that does not exist.
    /// - Throws: `BillingError` `.notFound`, `.declined`, `.unavailable`; `DatabaseError`.
    package func finishCard(of user: UserID, page: String) async throws {
        let stripe = try client()
        let page = try Self.checked(page)
        let known = try await customer(user, stripe)
        let done: StripeClient.Checkout = try await refusing {
            try await stripe.get("/v1/checkout/sessions/\(page)?expand[]=setup_intent")
        }
        guard done.customer == known, done.status == "complete", let method = done.setup_intent?.payment_method else {
            throw BillingError(.notFound, "the card service knows of no card that you gave it there")
        }
        let name = try Self.checked(method)
        try await keep(try await refusing { try await stripe.get("/v1/payment_methods/\(name)") }, of: user)
    }
}
