import Billing
import ConsoleKit
import Contracts
import Hummingbird
import StorageModel

/// A customer's card and what was paid with it. Its number is typed on the card service's own page and never comes here.
struct CardPage: Sendable {
    /// A payment.
    struct Row: Sendable {
        let time: Figure
        let amount: Figure
        let status: Pill
        let note: String
    }

    let head: PageHead
    let tabs: [BillingTab]
    let isAvailable: Bool
    let card: String?
    let payment: String
    let fields: [Field]
    let errors: [FormError]
    let rows: [Row]
    let hasRows: Bool
}

/// The step between our page and the card service's: a form may not lead to another site, a link may.
struct CardBeginPage: Sendable {
    let head: PageHead
    let url: String
}

extension BillingPages {
    private static let identifierByteCount = 16

    func cards(_ context: WebContext) async throws -> Response {
        try await cards(context, Form(), payment: newID(), status: .ok)
    }

    private func cards(
        _ context: WebContext, _ form: Form, payment: String, status: HTTPResponse.Status
    ) async throws -> Response {
        let visitor = try await visitor(context)
        let payments = try await billing.cards.payments(of: visitor.user)
        let range = billing.settings.cardRange
        let page = CardPage(
            head: PageHead("Card", lede: "Pay in by card. Its number goes to the card service, never to us."),
            tabs: BillingTab.all(current: "/billing/cards"), isAvailable: billing.cards.isAvailable,
            card: try await billing.cards.card(of: visitor.user), payment: payment,
            fields: [
                Field(
                    .text, "amount", "Dollars", form: form,
                    hint: "\(range.lowerBound) to \(range.upperBound), with at most two decimals", isRequired: true)
            ], errors: form.errors, rows: payments.prefix(100).map(Self.row), hasRows: !payments.isEmpty)
        return try context.page(
            "billing-cards", title: "Card", shell: visitor.shell, model: page, status: status, styles: Self.styles)
    }

    func beginCard(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        try limit(visitor, context)
        let url = try await billing.cards.beginCard(
            of: visitor.user, returningTo: "\(origin)/billing/cards/done?page={CHECKOUT_SESSION_ID}", id: newID())
        let page = CardBeginPage(
            head: PageHead("Give your card to the card service", back: Link("Card", "/billing/cards")), url: url)
        return try context.page(
            "billing-card-begin", title: "Your card", shell: visitor.shell, model: page, styles: Self.styles)
    }

    func finishCard(_ request: Request, _ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        try limit(visitor, context)
        do {
            try await billing.cards.finishCard(
                of: visitor.user, page: request.uri.queryParameters.get("page") ?? "")
        } catch let error as BillingError {
            return context.redirect(to: "/billing/cards", flash: .failed(Self.sentence(error.message)))
        }
        return context.redirect(to: "/billing/cards", flash: .done("Your card is kept for payments."))
    }

    func removeCard(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        try await billing.cards.detach(from: visitor.user)
        return context.redirect(to: "/billing/cards", flash: .done("Your card is forgotten."))
    }

    func pay(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        try limit(visitor, context)
        var form = context.form
        // Sending the form twice is one payment: its name came with the page.
        let payment = form.text("payment", "The page", 32...32)
        let cents = form.decimal("amount", "Dollars", scale: 2, 0...100_000_000)
        if form.isValid {
            do {
                let paid = try await billing.cards.pay(
                    USDAmount(micro: cents * 10_000), by: visitor.user, id: "web-\(payment)")
                return context.redirect(to: "/billing/cards", flash: Self.flash(paid))
            } catch let error as BillingError { form.refuse("amount", Self.sentence(error.message)) }
        }
        // What was refused stays refused under its name; the next try is another payment.
        return try await cards(context, form, payment: newID(), status: .unprocessableContent)
    }

    private static func flash(_ payment: CardPayment) -> Flash {
        payment.state == .succeeded
            ? .done("$\(payment.amount) were paid in.") : .note("The card service is thinking; the payment is below.")
    }

    private func limit(_ visitor: BillingVisitor, _ context: WebContext) throws {
        let key = Hexadecimal.encode(visitor.user.bytes)
        guard cardTries.take(key, at: context.now) else { throw WebError.tooOften }
    }

    private func newID() -> String { Hexadecimal.encode(random.bytes(count: Self.identifierByteCount)) }

    private static func row(_ payment: CardPayment) -> CardPage.Row {
        let status: Pill =
            switch payment.state {
            case .succeeded: Pill(.good, "paid")
            case .failed: Pill(.bad, "failed")
            case .wanted, .prepared, .confirming: Pill(.neutral, "on its way")
            }
        return CardPage.Row(
            time: .time(payment.createdAt), amount: .money(microdollars: payment.amount.micro), status: status,
            note: payment.note)
    }
}
