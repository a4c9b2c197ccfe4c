import Billing
import ConsoleKit
import Contracts
import Hummingbird
import StorageModel

/// A customer's coupons.
struct CouponPage: Sendable {
    /// A coupon with something left.
    struct Row: Sendable {
        let code: String
        let left: Figure
    }

    let head: PageHead
    let tabs: [BillingTab]
    let fields: [Field]
    let errors: [FormError]
    let rows: [Row]
    let hasRows: Bool
}

extension BillingPages {
    func coupons(_ context: WebContext) async throws -> Response { try await coupons(context, Form(), status: .ok) }

    private func coupons(_ context: WebContext, _ form: Form, status: HTTPResponse.Status) async throws -> Response {
        let visitor = try await visitor(context)
        let coupons = try await billing.coupons.remaining(of: visitor.user)
        let page = CouponPage(
            head: PageHead("Coupons", lede: "What they give is taken off your next invoices, before credit is."),
            tabs: BillingTab.all(current: "/billing/coupons"),
            fields: [Field(.text, "code", "Code", form: form, isRequired: true, autocomplete: "off")], errors: form.errors,
            rows: coupons.map { CouponPage.Row(code: $0.code, left: .money(microdollars: $0.amount.micro)) },
            hasRows: !coupons.isEmpty)
        return try context.page(
            "billing-coupons", title: "Coupons", shell: visitor.shell, model: page, status: status, styles: Self.styles)
    }

    func takeCoupon(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        guard couponTries.take(Hexadecimal.encode(visitor.user.bytes), at: context.now) else { throw WebError.tooOften }
        var form = context.form
        let code = form.text("code", "Code", 1...64)
        if form.isValid {
            do {
                try await billing.coupons.apply(code, to: visitor.user)
                return context.redirect(to: "/billing/coupons", flash: .done("The coupon is yours."))
            } catch let error as BillingError { form.refuse("code", Self.sentence(error.message)) }
        }
        return try await coupons(context, form, status: .unprocessableContent)
    }
}
