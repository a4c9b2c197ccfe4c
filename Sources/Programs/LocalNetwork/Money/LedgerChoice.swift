import Ethereum
package import Installation
package import Ledger
package import StorageModel

/// On which ledger a program settles, as its settings say.
package enum LedgerChoice: Sendable {
    /// On none: nobody is paid.
    case none
    /// On one it keeps itself.
    case embedded(EmbeddedLedgerSettings)
    /// On the one a satellite keeps.
    case remote(NodeURL)
    /// On a chain.
    case ethereum(EthereumSettings)

    /// Reads `ledger.…`.
    ///
    /// - Parameter keeper: the satellite whose ledger is meant when none is named.
    /// - Throws: `SettingsError.badValue` that names the setting.
    package init(_ values: SettingsValues, keeper: NodeURL? = nil) throws {
        switch values.text("ledger.kind") {
        case "none": self = .none
        case "embedded":
            var settings = EmbeddedLedgerSettings()
            settings.blockSeconds = UInt64(max(1, values.duration("ledger.block_time").components.seconds))
            self = .embedded(settings)
        case "satellite", "remote": self = .remote(try Self.keeper(values, keeper))
        case "ethereum": self = .ethereum(try Self.chain(values))
        default: throw values.refusal(of: "ledger.kind", expected: "one of the ledgers that `settings` lists")
        }
    }

    private static func keeper(_ values: SettingsValues, _ keeper: NodeURL?) throws -> NodeURL {
        let text = values.text("ledger.url")
        if text.isEmpty, let keeper { return keeper }
        do { return try NodeURL(text: text) } catch {
            throw values.refusal(of: "ledger.url", expected: "id@host:port of the satellite that keeps the ledger")
        }
    }

    private static func chain(_ values: SettingsValues) throws -> EthereumSettings {
        let endpoints = values.text("ledger.endpoints").split(separator: ",").map { String($0.filter { $0 != " " }) }
        guard !endpoints.isEmpty, endpoints.allSatisfy({ $0.hasPrefix("http://") || $0.hasPrefix("https://") }) else {
            throw values.refusal(of: "ledger.endpoints", expected: "a list of http:// or https:// addresses")
        }
        let contracts = ContractAddresses(
            token: try address("ledger.token", values), channels: try address("ledger.channels", values),
            payouts: try address("ledger.payouts", values), agreements: try address("ledger.agreements", values),
            verifier: try address("ledger.proofs", values))
        var settings = EthereumSettings(
            endpoints: endpoints, chainID: UInt64(values.number("ledger.chain_id")), contracts: contracts, random: .system)
        settings.confirmations = UInt64(values.number("ledger.confirmations"))
        settings.scanner.start = UInt64(values.number("ledger.start_block"))
        return settings
    }

    private static func address(_ key: String, _ values: SettingsValues) throws -> Address {
        do { return try Address(values.text(key)) } catch {
            throw values.refusal(of: key, expected: "an Ethereum address (\(error))")
        }
    }
}
