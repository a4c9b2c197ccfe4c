import Chores
import Contracts
import DRPC
import Database
import Ethereum
import Foundation
import Installation
import Ledger
import Logging
import StorageModel

/// Where a customer's money is, as its settings say.
enum DirectLedger {
    /// Opens the ledger.
    ///
    /// - Throws: `SettingsError`, `LedgerError`.
    static func open(
        _ values: SettingsValues, folder: URL, dialer: any RPCDialer, database: Database, logger: Logger
    ) async throws -> any SettlementBackend {
        switch values.text("ledger.kind") {
        case "remote":
            guard let keeper = try? NodeURL(text: values.text("ledger.url")), !keeper.id.isZero else {
                throw values.refusal(of: "ledger.url", expected: "ID@HOST:PORT of the ledger's keeper")
            }
            return try await remote(keeper, dialer, folder)
        case "ethereum":
            return try await ethereum(values, database: database, logger: logger)
        default: throw values.refusal(of: "ledger.kind", expected: "remote or ethereum")
        }
    }

    /// The ledger of a keeper. Which one it was the first time it stays: a keeper cannot slip in another.
    private static func remote(
        _ keeper: NodeURL, _ dialer: any RPCDialer, _ folder: URL
    ) async throws -> any SettlementBackend {
        let file = folder.appending(path: "ledger.account")
        let isKnown = FileManager.default.fileExists(atPath: file.path)
        let text = isKnown ? String(decoding: try Data(contentsOf: file), as: UTF8.self) : ""
        let known = isKnown ? try Address(text.filter { !$0.isWhitespace }) : nil
        let backend = try await RemoteLedgerBackend.connect(dialer: dialer, url: keeper, ledger: known)
        if !isKnown {
            try SecretFile.write(Data("\(backend.description.domains.payoutsContract)\n".utf8), to: file)
        }
        return backend
    }

    private static func ethereum(
        _ values: SettingsValues, database: Database, logger: Logger
    ) async throws -> any SettlementBackend {
        func address(_ key: String) throws -> Address {
            guard let address = try? Address(values.text(key)) else { throw values.refusal(of: key, expected: "an address 0x…") }
            return address
        }
        let endpoints = values.text("ledger.endpoints").split(separator: ",").map { String($0).filter { $0 != " " } }
        guard !endpoints.isEmpty else { throw values.refusal(of: "ledger.endpoints", expected: "http://HOST:PORT") }
        var settings = EthereumSettings(
            endpoints: endpoints, chainID: UInt64(values.number("ledger.chain_id")),
            contracts: ContractAddresses(
                token: try address("ledger.token"), channels: try address("ledger.channels"),
                payouts: try address("ledger.payouts"), agreements: try address("ledger.agreements"),
                verifier: try address("ledger.proofs")),
            random: .system)
        settings.confirmations = UInt64(values.number("ledger.confirmations"))
        settings.scanner.start = UInt64(values.number("ledger.start_block"))
        let backend = EthereumBackend(settings: settings, database: database, sleeper: .system, logger: logger)
        try await backend.start()
        return backend
    }

    /// What STORJ costs; nil when nobody was named.
    static func quotes(_ values: SettingsValues) throws -> (any QuoteSource)? {
        let text = values.text("quotes.sources")
        if text.isEmpty { return nil }
        guard text.hasPrefix("fixed:"), let price = USDAmount(String(text.dropFirst(6))), price.micro > 0 else {
            throw values.refusal(of: "quotes.sources", expected: "fixed:0.25")
        }
        return FixedQuotes(microUSD: UInt64(price.micro))
    }
}
