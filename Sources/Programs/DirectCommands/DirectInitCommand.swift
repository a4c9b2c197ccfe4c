package import ArgumentParser
import ClientCommands
import Contracts
import Ethereum
import Foundation

/// `storj direct init`.
package struct DirectInitCommand: DirectCommand {
    package static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a folder with an identity and a wallet.",
        discussion: """
            Doing it again changes settings and keeps keys.

            Examples:
              storj direct init --dir me --ledger 12Kq…@ledger.example:7777
              storj direct init --dir me --endpoint http://127.0.0.1:8545 --chain-id 1337 --token 0x… --channels 0x… \\
                --agreements 0x… --payouts 0x… --proofs 0x…
            """)

    @OptionGroup package var options: DirectOptions

    @Option(help: ArgumentHelp("Who keeps the ledger.", valueName: "id@host:port"))
    package var ledger: String?

    @Option(help: ArgumentHelp("JSON-RPC of a chain; several times for several that have to agree.", valueName: "url"))
    package var endpoint: [String] = []

    @Option(name: .customLong("chain-id"), help: "The chain's number.")
    package var chainID: Int?

    @Option(help: "Address of the STORJ token.")
    package var token: String?

    @Option(help: "Address of the contract Channels.")
    package var channels: String?

    @Option(help: "Address of the contract Agreements.")
    package var agreements: String?

    @Option(help: "Address of the contract Payouts.")
    package var payouts: String?

    @Option(help: "Address of the contract that checks BLAKE3 proofs.")
    package var proofs: String?

    @Option(help: ArgumentHelp("What STORJ costs, for farmers that ask dollars.", valueName: "fixed:0.25"))
    package var quotes: String?

    package init() {}

    package func validate() throws {
        if ledger != nil && !endpoint.isEmpty { throw ValidationError("Either --ledger or --endpoint") }
        for text in [token, channels, agreements, payouts, proofs].compactMap({ $0 }) {
            do { _ = try Address(text) } catch { throw ValidationError("\(error)") }
        }
    }

    private var overrides: [String: String] {
        var overrides: [String: String] = [:]
        if let ledger { (overrides["ledger.kind"], overrides["ledger.url"]) = ("remote", ledger) }
        if !endpoint.isEmpty {
            (overrides["ledger.kind"], overrides["ledger.endpoints"]) = ("ethereum", endpoint.joined(separator: ","))
        }
        overrides["ledger.chain_id"] = chainID.map { "\($0)" }
        overrides["ledger.token"] = token
        overrides["ledger.channels"] = channels
        overrides["ledger.agreements"] = agreements
        overrides["ledger.payouts"] = payouts
        overrides["ledger.proofs"] = proofs
        overrides["quotes.sources"] = quotes
        return overrides
    }

    private struct Answer: Encodable { let wallet: String, folder: String }

    package func run(in session: DirectSession) async throws {
        let folder = try session.folder()
        let wallet = try await folder.create(overrides)
        try session.print([Answer(wallet: wallet.checksummed, folder: folder.url.path)]) {
            ["Your wallet is \(wallet.checksummed): send it the STORJ you want to spend.", "Everything else is in \(folder.url.path)."]
        }
    }
}
