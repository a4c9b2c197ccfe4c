import Accounts
import Billing
import Contracts
import Ethereum
import Foundation
import Ledger
import StorageModel
import TestSupport
import Testing

/// Deposits on our own ledger, whose newest blocks a switch takes away.
@Suite struct LedgerDepositTests {
    @Test func `100 STORJ on our own ledger are credited once with their bonus, also through a reorganisation`() async throws {
        try await withTemporaryFolder { folder in
            var shop = try await Shop()
            let (keeper, sender) = (KeySigner(.generate(random: shop.random)), KeySigner(.generate(random: shop.random)))
            var settings = EmbeddedLedgerSettings()
            settings.blockSeconds = nil
            settings.secretCount = 16
            let ledger = try await EmbeddedLedger.open(
                folder: folder.path, operator: keeper.key, settings: settings, clock: shop.clock.wallClock,
                random: shop.random, logger: Shop.logger)
            let backend = UnsteadyBackend(EmbeddedBackend(ledger, random: shop.random), confirmations: 3)
            shop.parts.deposits?.source = LedgerDeposits(backend: backend)
            let billing = try await shop.billing()
            let hundred = TokenAmount(100 * 100_000_000)
            func credit() async throws -> [USDAmount] {
                try await billing.deposits.step()
                let balance = try await billing.customers.balance(of: shop.user.id)
                return [balance.credit, balance.bonus]
            }
            let (nothing, all) = ([USDAmount.zero, .zero], [USDAmount("25"), USDAmount("2.50")].compactMap(\.self))

            let address = try await billing.customers.depositAddress(of: shop.user.id)
            _ = try await backend.perform(.mint(to: sender.address, hundred), by: keeper)
            _ = try await backend.perform(.transfer(to: address, hundred), by: sender)
            #expect(try await credit() == nothing)
            try await backend.retract(1)
            backend.mine(5)
            #expect(try await credit() == nothing)
            try await backend.include()
            #expect(try await credit() == nothing)
            backend.mine(2)
            #expect(try await credit() == nothing)
            backend.mine(1)
            for _ in 0..<3 { #expect(try await credit() == all) }
            // Deeper than anybody waits for: taken back, and given again when it returns.
            try await backend.retract(1)
            #expect(try await credit() == nothing)
            try await backend.include()
            backend.mine(30)
            #expect(try await credit() == all)
            #expect(try await billing.journal.check().isSound)
            try await ledger.close()
        }
    }
}
