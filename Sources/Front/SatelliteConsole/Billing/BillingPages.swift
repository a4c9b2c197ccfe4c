package import Accounts
package import Billing
package import ConsoleKit
import HTTPTypes
package import Hummingbird
package import StorageModel

/// Who looks at a page of billing.
package struct BillingVisitor: Sendable {
    package let user: UserID
    /// The frame of the visitor's pages.
    package let shell: Shell
    /// Names of the projects the visitor sees, by public id.
    package let projects: [Bytes16: String]

    /// A visitor.
    package init(user: UserID, shell: Shell, projects: [Bytes16: String]) {
        self.user = user
        self.shell = shell
        self.projects = projects
    }
}

/// The pages of customers as payers, all below `/billing`: balance, invoices, deposits, cards, coupons, partners.
package struct BillingPages: Sendable {
    static let styles = ["billing.css"]

    let billing: Billing
    let random: RandomSource
    /// Where browsers find the console: `https://console.example.com`.
    let origin: String
    /// Who is signed in; throws what sends a stranger away.
    let visitor: @Sendable (WebContext) async throws -> BillingVisitor
    /// Codes of coupons must not be guessed.
    let couponTries = RateLimiter(capacity: 10, refill: .seconds(60), maximumKeys: 10_000)
    /// Each try asks the card service.
    let cardTries = RateLimiter(capacity: 10, refill: .seconds(30), maximumKeys: 10_000)

    /// Pages over a satellite's billing.
    package init(
        billing: Billing, random: RandomSource, origin: String,
        visitor: @escaping @Sendable (WebContext) async throws -> BillingVisitor
    ) {
        self.billing = billing
        self.random = random
        self.origin = origin
        self.visitor = visitor
    }

    /// Adds the routes.
    package func add(to router: some RouterMethods<WebContext>) {
        router.get("billing") { _, context in try await self.overview(context) }
        router.get("billing/invoices") { request, context in try await self.invoices(request, context) }
        router.get("billing/invoices/:number") { request, context in try await self.invoice(request, context) }
        router.get("billing/invoices/:number/document") { _, context in try await self.invoiceDocument(context) }
        router.get("billing/deposits") { _, context in try await self.deposits(context) }
        router.get("billing/deposits/rows") { _, context in try await self.depositRows(context) }
        router.post("billing/deposits/address") { _, context in try await self.giveAddress(context) }
        router.get("billing/cards") { _, context in try await self.cards(context) }
        router.post("billing/cards/begin") { _, context in try await self.beginCard(context) }
        router.get("billing/cards/done") { request, context in try await self.finishCard(request, context) }
        router.post("billing/cards/remove") { _, context in try await self.removeCard(context) }
        router.post("billing/cards/pay") { _, context in try await self.pay(context) }
        router.get("billing/coupons") { _, context in try await self.coupons(context) }
        router.post("billing/coupons") { _, context in try await self.takeCoupon(context) }
        router.get("billing/partners") { _, context in try await self.partners(context) }
        router.get("billing/partners/:id") { _, context in try await self.partner(context) }
        router.get("billing/partners/:id/:month/document") { _, context in try await self.partnerDocument(context) }
    }

    /// What visitors are told of billing's refusals; nil for other errors.
    package static func refusal(_ error: any Error) -> WebError? {
        guard let error = error as? BillingError else { return nil }
        let status: HTTPResponse.Status =
            switch error.code {
            case .notFound: .notFound
            case .alreadyExists: .conflict
            case .invalid, .outOfRange: .badRequest
            case .declined: .init(code: 402, reasonPhrase: "Payment Required")
            case .unavailable: .serviceUnavailable
            }
        return WebError(status, sentence(error.message))
    }

    /// A room's message as a sentence.
    static func sentence(_ message: String) -> String {
        let text = message.prefix(1).uppercased() + message.dropFirst()
        return text.hasSuffix(".") ? text : text + "."
    }
}

/// The row of pages above every page of billing.
struct BillingTab: Sendable {
    let name: String
    let url: String
    let isCurrent: Bool

    static func all(current: String) -> [BillingTab] {
        [
            ("Overview", "/billing"), ("Invoices", "/billing/invoices"), ("STORJ deposits", "/billing/deposits"),
            ("Card", "/billing/cards"), ("Coupons", "/billing/coupons"), ("Partners", "/billing/partners"),
        ].map { BillingTab(name: $0.0, url: $0.1, isCurrent: $0.1 == current) }
    }
}
