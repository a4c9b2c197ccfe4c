import Accounting
import Accounts
import Billing
import Contracts
import StorageModel
import TestSupport
import Testing

@Suite struct ArrearsTests {
    @Test func `an open bill is warned of, then freezes its account, and the freeze ends when it is paid`() async throws {
        let shop = try await Shop()
        let billing = try await shop.billing()
        let (record, _) = try await shop.accounts.createAPIKey(project: shop.project.id, name: "key")
        func isFrozen() async throws -> Bool? { try await shop.accounts.lookUp(head: record.head)?.isFrozen }
        try await shop.makeBucket()
        try await shop.accounting.bookBuckets()
        try await shop.settle([try shop.order(2_000_000_000_000)])
        let month = try #require(BillingMonth("2026-01"))
        shop.clock.advance(by: .seconds(month.end + 4 * 86400 - shop.clock.now.seconds))
        try await billing.bill()
        #expect(try await billing.arrears.open().map(\.warnedAt) == [nil])
        shop.clock.advance(by: .seconds(7 * 86400))
        try await billing.arrears.step()
        #expect(try await billing.arrears.open().first?.warnedAt == shop.clock.now)
        #expect(try await isFrozen() == false)
        shop.clock.advance(by: .seconds(23 * 86400))
        try await billing.arrears.step()
        #expect(try await isFrozen() == true)
        #expect(try await shop.accounts.freezes().map(\.kind) == [.billing])
        try await shop.payIn("14", id: "cash")
        try await billing.invoices.payOpen()
        try await billing.arrears.step()
        #expect(try await isFrozen() == false)
    }

    @Test func `a clock that jumps freezes nobody who was not warned in time`() async throws {
        let shop = try await Shop()
        let billing = try await shop.billing()
        try await shop.makeBucket()
        try await shop.accounting.bookBuckets()
        try await shop.settle([try shop.order(2_000_000_000_000)])
        let month = try #require(BillingMonth("2026-01"))
        shop.clock.advance(by: .seconds(month.end + 4 * 86400 - shop.clock.now.seconds))
        try await billing.bill()
        shop.clock.advance(by: .seconds(300 * 86400))
        try await billing.arrears.step()
        #expect(try await shop.accounts.freezes().isEmpty)
        try await billing.arrears.step()
        #expect(try await shop.accounts.freezes().isEmpty)
    }

    @Test func `an operator's freeze is not lifted by payments, and a project is frozen apart from its account`() async throws {
        let shop = try await Shop()
        let billing = try await shop.billing()
        let (record, _) = try await shop.accounts.createAPIKey(project: shop.project.id, name: "key")
        let project = Freeze.Subject.project(shop.project.id)
        #expect(try await shop.accounts.freeze(project, .operatorDecision, reason: "test"))
        #expect(try await !shop.accounts.freeze(project, .operatorDecision, reason: "test"))
        try await billing.arrears.step()
        #expect(try await shop.accounts.lookUp(head: record.head)?.isFrozen == true)
        #expect(try await shop.accounts.unfreeze(project))
        #expect(try await shop.accounts.lookUp(head: record.head)?.isFrozen == false)
        await #expect(throws: AccountsError.self) {
            try await shop.accounts.freeze(.user(.random(using: shop.random)), .operatorDecision, reason: "nobody")
        }
    }
}
