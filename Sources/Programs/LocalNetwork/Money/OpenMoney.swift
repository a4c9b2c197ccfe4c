import Billing
import Chores
import Contracts
import DRPC
import Database
import Ethereum
import Foundation
import Installation
import Ledger
import Logging
import Market
import Satellite
import StorageModel

/// What a satellite pays with, opened from its folder.
struct OpenMoney {
    /// For the satellite.
    let money: SatelliteMoney
    private let chain: Database

    /// Opens keys and ledger; nil for a satellite on which nobody is paid.
    ///
    /// - Throws: `SettingsError`, `WalletFiles.Failure`, `LedgerError`.
    static func open(
        _ values: SettingsValues, folder: URL, database: Database, address: String, sanctioned: [String],
        dialer: any RPCDialer, logger: Logger
    ) async throws -> OpenMoney? {
        let choice = try LedgerChoice(values)
        guard let wallet = try WalletFiles.load(.wallet, in: folder), let hot = try WalletFiles.load(.hot, in: folder) else {
            return nil
        }
        let partners = try WalletFiles.load(.partners, in: folder)
        let chain = try Database.open(.file(path: folder.appending(path: "chain.db").path))
        var ledgerParts = OpenLedger.Parts(
            folder: folder.appending(path: "ledger").path, keys: [wallet] + [partners].compactMap { $0 }, database: chain,
            dialer: dialer, clock: .system, sleeper: .system, logger: logger)
        ledgerParts.firstMint = try values.tokens("ledger.first_mint")
        let ledger = try await OpenLedger.open(choice, interval: values.duration("ledger.scan_interval"), ledgerParts)
        guard let ledger else { return nil }
        let choiceOfQuotes = try QuoteChoice(values, logger: logger)
        let quotes = QuoteBook(
            choiceOfQuotes.makeSource(), database: database, staleAfter: choiceOfQuotes.staleAfter, clock: .system)
        try await quotes.migrate()
        let published = folder.appending(path: "market").path
        var money = SatelliteMoney(
            payment: PaymentParts(
                backend: ledger.backend, payer: KeySigner(wallet), signer: KeySigner(hot), quotes: quotes,
                folder: published, address: address),
            quotes: quotes, chores: ledger.chores, register: ledger.register)
        if let partners {
            money.partners = PartnerAccount(
                backend: ledger.backend, signer: KeySigner(partners), treasury: KeySigner(wallet))
        }
        money.deposits = try await deposits(choice, values, ledger, chain, sanctioned, logger)
        return OpenMoney(money: money, chain: chain)
    }

    /// How customers pay in tokens: by transfers to addresses that nobody here can spend from.
    private static func deposits(
        _ choice: LedgerChoice, _ values: SettingsValues, _ ledger: OpenLedger, _ database: Database,
        _ sanctioned: [String], _ logger: Logger
    ) async throws -> DepositDoor? {
        let text = values.text("billing.deposit_key")
        guard !text.isEmpty else { return nil }
        let key: ExtendedPublicKey
        do { key = try ExtendedPublicKey(text: text) } catch {
            throw values.refusal(of: "billing.deposit_key", expected: "an extended public key, xpub…")
        }
        let policy = DepositPolicy.refusing(Set(try sanctioned.map { try Address($0) }))
        guard case .ethereum(let settings) = choice else {
            return DepositDoor(key: key, source: LedgerDeposits(backend: ledger.backend), policy: policy)
        }
        let client = ChainClient(
            chainID: settings.chainID, urls: settings.endpoints, settings: settings.rpc, sleeper: .system, logger: logger)
        let scanner = TransferScanner(
            chain: client, database: database, name: "deposits", token: settings.contracts.token,
            settings: settings.scanner)
        try await scanner.open()
        return DepositDoor(
            key: key, source: ChainDeposits(scanner: scanner, token: settings.contracts.token), policy: policy)
    }

    /// Lets the files go.
    func close() throws { try chain.close() }
}
