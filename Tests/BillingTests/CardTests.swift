import Accounts
import Billing
import Contracts
import Database
import Ledger
import StorageModel
import TestSupport
import Testing

@Suite(.enabled(if: DevStripe.python != nil, "localstripe is not installed: scripts/install-dev-stripe"))
struct CardTests {
    private struct Till {
        let shop: Shop
        let billing: Billing

        init(_ stripe: DevStripe) async throws {
            var settings = BillingSettings()
            settings.stripeURL = stripe.url
            settings.stripeKey = "sk_test_secret"
            shop = try await Shop(settings)
            billing = try await shop.billing()
        }

        func pay(_ dollars: String = "25", id: String = "top-up") async throws -> CardPayment.State {
            try await billing.cards.pay(try #require(USDAmount(dollars)), by: shop.user.id, id: id).state
        }

        func credit() async throws -> USDAmount { try await billing.customers.balance(of: shop.user.id).credit }
    }

    @Test func `a card pays once for an id, and what it gives is credited`() async throws {
        try await DevStripe.with { stripe in
            let till = try await Till(stripe)
            try await till.billing.cards.attach(try await stripe.card(), to: till.shop.user.id)
            for _ in 0..<3 { #expect(try await till.pay() == .succeeded) }
            #expect(try await stripe.charges() == [2500])
            #expect(try await till.credit() == USDAmount("25"))
            #expect(try await till.pay("7.50", id: "another") == .succeeded)
            #expect(try await till.credit() == USDAmount("32.50"))
            await #expect(throws: BillingError.self) { try await till.pay("8", id: "another") }
            #expect(try await till.billing.journal.balance(of: .cards, .microUSD) == -32_500_000)
            #expect(try await till.billing.journal.check().isSound)
        }
    }

    @Test func `a card typed on the service's page is kept for who asked for the page, and for nobody else`() async throws {
        try await DevStripe.with { stripe in
            let till = try await Till(stripe)
            let (cards, user) = (till.billing.cards, till.shop.user.id)
            #expect(try await cards.card(of: user) == nil)
            let back = "http://127.0.0.1:1/billing/cards/done?page={CHECKOUT_SESSION_ID}"
            let address = try await cards.beginCard(of: user, returningTo: back, id: "1")
            let name = try #require(address.split(separator: "/").last.map(String.init))
            await #expect(throws: BillingError.self, "nothing was typed yet") { try await cards.finishCard(of: user, page: name) }
            #expect(try await stripe.type(at: address) == name)
            let stranger = try #require(UserID([UInt8](repeating: 7, count: 16)))
            await #expect(throws: BillingError.self) { try await cards.finishCard(of: stranger, page: name) }
            #expect(try await cards.card(of: stranger) == nil)
            try await cards.finishCard(of: user, page: name)
            #expect(try await cards.card(of: user) == "visa •••• 4242, until 12/2030")
            #expect(try await till.pay() == .succeeded)
            try await cards.detach(from: user)
            #expect(try await cards.card(of: user) == nil)
            for wrong in ["", "cs_none", "../customers", "cs_1?expand[]=x"] {
                await #expect(throws: BillingError.self) { try await cards.finishCard(of: user, page: wrong) }
            }
        }
    }

    @Test func `answers that are lost anywhere charge a card once and credit it once`() async throws {
        try await DevStripe.with { stripe in
            for (answers, orders) in [(1, 0), (2, 0), (3, 0), (0, 1), (0, 2), (0, 3)] {
                let till = try await Till(stripe)
                try await till.billing.cards.attach(try await stripe.card(), to: till.shop.user.id)
                let before = try await stripe.charges().count
                try await stripe.lose(answers: answers, orders: orders)
                for _ in 0..<8 {
                    do { if try await till.pay() == .succeeded { break } } catch let error as BillingError {
                        #expect(error.code == .unavailable)
                    }
                }
                try await stripe.lose()
                #expect(try await till.pay() == .succeeded)
                #expect(try await stripe.charges().count == before + 1, "\(answers) answers, \(orders) orders lost")
                #expect(try await till.credit() == USDAmount("25"))
                #expect(try await till.billing.journal.check().isSound)
            }
        }
    }

    @Test func `a payment that a crash cut off between any two writes ends by itself, charged and credited once`() async throws {
        try await DevStripe.with { stripe in
            for (table, event) in [("card_payments", "UPDATE"), ("journal_postings", "INSERT"), ("journal_balances", "INSERT")] {
                for count in 0..<4 {
                    let till = try await Till(stripe)
                    try await till.billing.cards.attach(try await stripe.card(), to: till.shop.user.id)
                    let before = try await stripe.charges().count
                    let tripwire = Tripwire(till.shop.database, table: table, event: event, after: count)
                    try await tripwire.arm()
                    do { _ = try await till.pay() } catch is DatabaseError {
                        // The write was cut off: what follows shows that nothing is done twice.
                    }
                    try await tripwire.disarm()
                    let again = try await till.shop.billing()
                    for _ in 0..<3 { try await again.bill() }
                    #expect(try await stripe.charges().count == before + 1, "\(table) \(event) \(count)")
                    #expect(try await till.credit() == USDAmount("25"))
                    #expect(try await again.journal.check().isSound)
                }
            }
        }
    }

    @Test func `a declined card gives nothing and says why`() async throws {
        try await DevStripe.with { stripe in
            let till = try await Till(stripe)
            let user = till.shop.user.id
            await #expect(throws: BillingError.self) {
                try await till.billing.cards.attach(try await stripe.card("4000000000000002"), to: user)
            }
            try await till.billing.cards.attach(try await stripe.card("4000000000000341"), to: user)
            for _ in 0..<2 {
                do {
                    _ = try await till.pay()
                    Issue.record("the card is declined")
                } catch let error as BillingError {
                    #expect(error == BillingError(.declined, "Your card was declined."))
                }
            }
            #expect(try await till.credit() == .zero)
            #expect(try await till.billing.cards.payments(of: user).map(\.state) == [.failed])
        }
    }
}

@Suite struct CardRulesTests {
    @Test func `without a card service, a card or a sensible amount nothing is charged`() async throws {
        var settings = BillingSettings()
        let without = try await Shop(settings)
        let five = try #require(USDAmount("5"))
        await #expect(throws: BillingError.self) {
            try await without.billing().cards.pay(five, by: without.user.id, id: "a")
        }
        // Nobody listens there.
        settings.stripeURL = "http://127.0.0.1:1"
        let shop = try await Shop(settings)
        let cards = try await shop.billing().cards
        for dollars in ["4.99", "10000.01", "5.001", "-5", "0"] {
            let amount = try #require(USDAmount(dollars))
            await #expect(throws: BillingError.self) { try await cards.pay(amount, by: shop.user.id, id: dollars) }
        }
        await #expect(throws: BillingError(.declined, "there is no card")) {
            try await cards.pay(five, by: shop.user.id, id: "no card")
        }
        await #expect(throws: BillingError.self) { try await cards.attach("../customers", to: shop.user.id) }
    }
}
