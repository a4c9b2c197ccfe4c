import Accounts
import Billing
import Contracts
import Ethereum
import Foundation
import Hummingbird
import Ledger
import OperatorDoor
import StorageModel

extension AdminAPI {
    func addBilling(to group: RouterGroup<DoorContext>) {
        addCustomers(to: group)
        addCredit(to: group)
        addPartners(to: group)
        group.get("billing/quote") { _, _ in
            let now = UInt64(clamping: self.clock.now().seconds)
            return Answer(QuoteAnswer(try await self.book().quotes?.quote(at: now)))
        }
        group.get("billing/journal") { _, _ in Answer(JournalAnswer(try await self.book().journal.check())) }
        group.get("billing/freezes") { _, _ in Answer(FreezesAnswer(try await self.accounts.freezes())) }
        group.post("billing/freeze") { request, context in
            let wanted = try await request.decode(as: BillingRequest.FreezeSubject.self, context: context)
            try await self.accounts.freeze(try await self.subject(wanted), .operatorDecision, reason: wanted.reason)
            return Answer(FreezesAnswer(try await self.accounts.freezes()))
        }
        group.post("billing/unfreeze") { request, context in
            let wanted = try await request.decode(as: BillingRequest.FreezeSubject.self, context: context)
            guard try await self.accounts.unfreeze(try await self.subject(wanted)) else {
                throw HTTPError(.notFound, message: "it is not frozen")
            }
            return Answer(FreezesAnswer(try await self.accounts.freezes()))
        }
    }

    private func addCustomers(to group: RouterGroup<DoorContext>) {
        group.get("billing/customers") { _, _ in
            let freezes = try await self.accounts.freezes()
            var customers: [CustomerAnswer] = []
            for user in try await self.accounts.users() { customers.append(try await self.customer(user, freezes)) }
            return Answer(CustomersAnswer(customers: customers))
        }
        group.get("billing/customers/:id") { _, context in
            let user = try await self.user(context)
            return Answer(
                CustomerDetailsAnswer(
                    try await self.customer(user, try await self.accounts.freezes()),
                    coupons: try await self.book().coupons.remaining(of: user.id),
                    movements: try await self.book().customers.movements(of: user.id, limit: 50)))
        }
        group.get("billing/customers/:id/invoices") { _, context in
            let invoices = try await self.book().invoices.invoices(of: try await self.user(context).id)
            return Answer(InvoicesAnswer(invoices: invoices.map { InvoiceAnswer($0.invoice, open: $0.open) }))
        }
        group.get("billing/customers/:id/preview") { _, context in
            let user = try await self.user(context)
            let invoice = try await self.book().invoices.preview(of: user.id, month: BillingMonth(self.clock.now()))
            return Answer(InvoiceAnswer(invoice, open: .zero))
        }
        group.get("billing/invoices/:number") { _, context in
            let (invoice, open) = try await self.book().invoices.invoice(try context.parameters.require("number"))
            return Answer(InvoiceAnswer(invoice, open: open))
        }
    }

    private func addCredit(to group: RouterGroup<DoorContext>) {
        group.post("billing/customers/:id/address") { _, context in
            let address = try await self.book().customers.depositAddress(of: try await self.user(context).id)
            return Answer(DepositAddressAnswer(address: "\(address)"))
        }
        group.post("billing/customers/:id/card") { request, context in
            let wanted = try await request.decode(as: BillingRequest.Card.self, context: context)
            let user = try await self.user(context)
            try await self.book().cards.attach(wanted.method, to: user.id)
            return Answer(try await self.customer(user, try await self.accounts.freezes()))
        }
        group.post("billing/customers/:id/pay") { request, context in
            let wanted = try await request.decode(as: BillingRequest.Pay.self, context: context)
            let user = try await self.user(context)
            return Answer(
                CardPaymentAnswer(
                    try await self.book().cards.pay(try Self.dollars(wanted.amount), by: user.id, id: wanted.id)))
        }
        group.post("billing/customers/:id/coupon") { request, context in
            let wanted = try await request.decode(as: BillingRequest.Redeem.self, context: context)
            let user = try await self.user(context)
            try await self.book().coupons.apply(wanted.code, to: user.id)
            return Answer(
                CustomerDetailsAnswer(
                    try await self.customer(user, try await self.accounts.freezes()),
                    coupons: try await self.book().coupons.remaining(of: user.id), movements: []))
        }
        group.get("billing/deposits") { _, _ in
            Answer(DepositsAnswer(try await self.book().deposits.deposits(limit: 500)))
        }
        group.get("billing/customers/:id/deposits") { _, context in
            let user = try await self.user(context)
            return Answer(DepositsAnswer(try await self.book().deposits.deposits(of: user.id, limit: 500)))
        }
        group.post("billing/deposits/:id/release") { _, context in
            try await self.book().deposits.release(try context.parameters.require("id", as: Int64.self))
            return Answer(DepositsAnswer(try await self.book().deposits.deposits(limit: 500)))
        }
        group.get("billing/coupons") { _, _ in Answer(CouponsAnswer(try await self.book().coupons.all())) }
        group.post("billing/coupons") { request, context in
            let wanted = try await request.decode(as: BillingRequest.MakeCoupon.self, context: context)
            try await self.book().coupons.create(
                Coupon(
                    code: wanted.code, amount: try Self.dollars(wanted.amount), validUntil: Timestamp(wanted.validUntil),
                    usesLeft: wanted.uses))
            return Answer(CouponsAnswer(try await self.book().coupons.all()))
        }
    }

    private func addPartners(to group: RouterGroup<DoorContext>) {
        group.get("billing/partners") { _, _ in Answer(try await self.partners()) }
        group.post("billing/partners") { request, context in
            let wanted = try await request.decode(as: BillingRequest.Register.self, context: context)
            let wallet: Address
            do { wallet = try Address(wanted.wallet) } catch { throw HTTPError(.badRequest, message: "\(error)") }
            try await self.book().partners.register(
                id: wanted.id, name: wanted.name, wallet: wallet, products: wanted.products)
            return Answer(try await self.partners())
        }
    }

    private func partners() async throws -> PartnersAnswer {
        let book = try self.book().partners
        var partners: [(Partner, [PartnerStatement])] = []
        for partner in try await book.all() { partners.append((partner, try await book.statements(of: partner.id))) }
        return PartnersAnswer(partners)
    }

    // MARK: Who is meant

    private func book() throws -> Billing {
        guard let billing else { throw HTTPError(.notFound, message: "this satellite does not bill") }
        return billing
    }

    private func customer(_ user: User, _ freezes: [Freeze]) async throws -> CustomerAnswer {
        CustomerAnswer(
            user, try await book().customers.balance(of: user.id),
            frozenFor: freezes.first { $0.subject == .user(user.id) }?.reason)
    }

    private func user(_ context: DoorContext) async throws -> User { try await user(try context.parameters.require("id")) }

    /// An account by its id or address of mail.
    func user(_ text: String) async throws -> User {
        let name = text.removingPercentEncoding ?? text
        if let user = try await accounts.user(email: name) { return user }
        if let bytes = Hexadecimal.decode(name), let id = UserID(bytes),
            let user = try await accounts.users().first(where: { $0.id == id })
        {
            return user
        }
        throw HTTPError(.notFound, message: "there is no such customer")
    }

    private func subject(_ wanted: BillingRequest.FreezeSubject) async throws -> Freeze.Subject {
        switch wanted.subject {
        case "customer": return .user(try await user(wanted.id).id)
        case "project":
            guard let bytes = Hexadecimal.decode(wanted.id), let id = ProjectID(bytes) else {
                throw HTTPError(.badRequest, message: "a project's id is 32 hexadecimal digits")
            }
            return .project(id)
        default: throw HTTPError(.badRequest, message: "a customer or a project is frozen")
        }
    }

    private static func dollars(_ text: String) throws -> USDAmount {
        guard let amount = USDAmount(text) else {
            throw HTTPError(.badRequest, message: "an amount is dollars with at most six decimals")
        }
        return amount
    }

    /// What operators are told of billing's refusals.
    static func refusal(_ error: BillingError) -> HTTPError {
        let status: HTTPResponse.Status =
            switch error.code {
            case .notFound: .notFound
            case .alreadyExists: .conflict
            case .invalid, .outOfRange: .badRequest
            case .declined: .init(code: 402, reasonPhrase: "Payment Required")
            case .unavailable: .serviceUnavailable
            }
        return HTTPError(status, message: error.message)
    }
}
