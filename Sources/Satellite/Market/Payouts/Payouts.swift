import Chores
import Contracts
import Database
import Ledger
import StorageModel
import Upkeep

/// What becomes of pay after the statements: farmers who are paid by roots get it, and it is kept who got what.
final class Payouts: Sendable {
    let receipts: ReceiptKeeper
    let runner: PayoutRunner
    let months: MonthMaker
    let books: PayBooksOfMarket
    /// The recurring work.
    let cycle: Cycle

    init(
        parts: UpkeepParts, settings: MarketSettings, payment: PaymentParts,
        reached: @escaping @Sendable (PayoutStep) throws -> Void
    ) {
        let receipts = ReceiptKeeper(parts: parts, payment: payment, reached: reached)
        let runner = PayoutRunner(parts: parts, payment: payment, settings: settings.payouts, reached: reached)
        self.receipts = receipts
        self.runner = runner
        months = MonthMaker(parts: parts, payment: payment, withholding: settings.payment.withholding)
        books = PayBooksOfMarket(parts: parts, payment: payment, settings: settings.payment)
        cycle = Cycle(
            name: "payouts", interval: max(settings.payouts.interval, .milliseconds(100)), sleeper: parts.sleeper,
            clock: parts.clock, logger: parts.logger,
            work: {
                // What farmers claimed themselves is not paid again: receipts come first, and again for what was just paid.
                try await receipts.advance()
                try await runner.advance()
                try await receipts.advance()
            })
    }
}
