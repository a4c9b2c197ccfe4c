import Chores
import Contracts
import DRPC
import Encryption
package import Ethereum
import Identity
import Ledger
import Logging
import Orders
import PieceTransfer
package import StorageModel

/// A customer without a satellite: it chooses farmers, stores with them, lets them prove, and pays them.
///
/// Storage is paid by agreements: the pay of all periods is locked at the start, and a period is the farmer's with a
/// receipt, which the customer signs for a heartbeat that passed, or with a proof that the farmer shows on the ledger.
/// Traffic is paid by the vouchers of a channel. Every step is in the books before it is done elsewhere, so that
/// whatever was interrupted goes on when it is asked for again.
///
/// - Source: economy design §3.3, §3.4.
package final class Customer: Sendable {
    let parts: DirectParts
    let settings: DirectSettings
    let book: DirectBook
    let caller: FarmerCaller
    let uploader: PieceUploader
    let downloader: PieceDownloader
    let memory: TransferMemory
    let issuer: OrderLimitIssuer
    let signer: KeySigner

    /// A customer with its books open.
    ///
    /// - Throws: `DatabaseError`.
    package init(parts: DirectParts, settings: DirectSettings = DirectSettings()) async throws {
        self.parts = parts
        self.settings = settings
        book = DirectBook(database: parts.database)
        caller = FarmerCaller(dialer: parts.dialer, sleeper: parts.sleeper, timeout: settings.timeout)
        let clock = TransferClock(now: parts.clock.now, sleep: parts.sleeper.sleep)
        let nodes = NodeBook(clock: clock)
        uploader = PieceUploader(
            dialer: parts.dialer, book: nodes, settings: TransferSettings(), clock: clock, logger: parts.logger)
        downloader = PieceDownloader(
            dialer: parts.dialer, book: nodes, settings: TransferSettings(), clock: clock, logger: parts.logger)
        memory = TransferMemory(budget: settings.memoryBudget)
        // The limits carry no note: nobody else is to be charged.
        issuer = OrderLimitIssuer(
            identity: parts.identity, cipher: OrderMetadataCipher(keys: [parts.contentKey.derived("notes".utf8).bytes]))
        signer = KeySigner(parts.wallet)
        try await book.open()
    }

    /// Who the customer is for nodes.
    package var id: NodeID { parts.identity.id }
    /// Who pays.
    package var wallet: Address { parts.wallet.address }

    var domains: SettlementDomains { parts.ledger.description.domains }

    /// Seconds since 1970, by the ledger: what agreements and channels go by.
    func ledgerTime() async throws -> UInt64 { try await parts.ledger.time().seconds }

    /// What ties the customer's identity to its wallet; the same for a year.
    func binding(now: UInt64) -> SignedWalletBinding {
        let year = UInt64(settings.bindingLifetime.components.seconds)
        // A number for the time it is made in, so that a newer one counts more.
        let sequence = now / max(1, year)
        return WalletBinding(
            node: id, wallet: wallet, signer: parts.signer.address, sequence: sequence,
            validUntil: (sequence + 2) * max(1, year)
        ).signed(by: parts.identity, signer: parts.signer, wallet: parts.wallet)
    }

    /// The way to compute what a farmer's sheet means in STORJ now.
    func pay(_ sheet: SignedPriceSheet, now: UInt64) async throws -> Pay {
        let quote = sheet.sheet.denomination == .microUSD ? try await parts.quotes?.quote(at: now) : nil
        guard let pay = Pay(sheet.sheet.denomination, quote: quote) else { throw DirectError.noQuote(sheet.sheet.node) }
        return pay
    }

    /// Does something on the ledger and waits until it is there.
    func perform(_ operation: SettlementOperation) async throws {
        _ = try await parts.ledger.perform(operation, by: signer, sleeper: parts.sleeper)
    }
}
