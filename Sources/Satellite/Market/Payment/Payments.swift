import Chores
import DRPC
import Database
import Ledger
import Logging
import StorageModel
import Synchronization
import Upkeep

/// All that is done about money with farmers, in its order: prices, channels, statements, delivery, roots.
final class Payments: Sendable {
    let offers: OfferKeeper
    let channels: ChannelKeeper
    let statements: StatementKeeper
    let sender: StatementSender
    let roots: RootKeeper
    let manifests: ManifestKeeper
    let files: PublishedFiles
    let payment: PaymentParts
    private let parts: UpkeepParts
    private let settings: PaymentSettings
    private let isPrepared = Mutex(false)

    init(
        parts: UpkeepParts, settings: MarketSettings, payment: PaymentParts,
        reached: @escaping @Sendable (PaymentStep) throws -> Void
    ) {
        self.parts = parts
        self.payment = payment
        self.settings = settings.payment
        offers = OfferKeeper(parts: parts, settings: settings.payment, payment: payment)
        channels = ChannelKeeper(parts: parts, settings: settings.payment, payment: payment, reached: reached)
        statements = StatementKeeper(
            parts: parts, settings: settings.payment, payment: payment, channels: channels, reached: reached)
        sender = StatementSender(parts: parts, settings: settings.payment, reached: reached)
        roots = RootKeeper(parts: parts, payment: payment, reached: reached)
        manifests = ManifestKeeper(parts: parts, settings: settings, payment: payment)
        files = PublishedFiles(database: parts.database, folder: payment.folder)
    }

    /// Brings the journal to today's form and begins with the first period.
    func load() async throws {
        try await Journal(database: parts.database).migrate()
        try await statements.begin()
        _ = try await manifests.manifest()
        try await offers.refresh()
    }

    func register(in router: inout RPCRouter) {
        Registrar(
            parts: parts, settings: settings, channels: channels, priceChanged: { [offers] in try await offers.refresh($0) }
        ).register(in: &router)
        manifests.register(in: &router)
        offers.register(in: &router)
        files.register(in: &router)
    }

    /// Does everything that can be done now.
    func advance() async throws {
        _ = try await manifests.manifest()
        try await offers.refresh()
        try await prepare()
        try await channels.advance(expected: offers.expectedPay())
        try await statements.advance()
        // Vouchers use up deposits: what has become low is filled before the next period.
        try await channels.advance(expected: offers.expectedPay())
        try await sender.advance()
        try await roots.advance()
    }

    /// Makes the ledger ready for the wallet, once.
    private func prepare() async throws {
        guard !isPrepared.withLock({ $0 }) else { return }
        do {
            try await payment.backend.prepare(payment.payer)
            isPrepared.withLock { $0 = true }
        } catch let error as LedgerError {
            // Statements and vouchers go on without a ledger.
            parts.logger.warning("ledger is not ready", metadata: ["reason": "\(error)"])
        }
    }
}
