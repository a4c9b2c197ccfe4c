package import ArgumentParser
import ClientCommands
import NodeAPI

/// `storj node earnings`.
package struct NodeEarningsCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "earnings", abstract: "Show what the node has earned, by satellite and by period.",
        discussion: """
            Owed is what statements say that the node agreed to; vouchered what the satellite has signed for, or put on the
            ledger as a root; claimed what the ledger has paid out; held what the satellite keeps back for now.

            Examples:
              storj node earnings --dir node
              storj node earnings --dir node --satellite SATELLITE_ID --periods 30
              storj node earnings --dir node --json | jq '.periods[] | [.period, .amount_units]'
            """)
    package static let server = OperatorServer.node

    @OptionGroup package var options: OperatorOptions

    @Option(help: "Periods of this satellite only.")
    var satellite: String?

    @Option(help: "How many of the newest periods to show.")
    var periods = 30

    package init() {}

    package func validate() throws {
        guard (1...10_000).contains(periods) else { throw ValidationError("--periods wants a number from 1 to 10000") }
    }

    package func run(in session: OperatorSession) async throws {
        let filter = satellite.map { "&satellite=\(OperatorClient.component($0))" } ?? ""
        let earnings: EarningsAnswer = try await session.client.get("earnings?limit=\(periods)\(filter)")
        try session.print(json: earnings) { FarmingText.earnings(earnings, session) }
    }
}

/// `storj node vouchers`.
package struct NodeVouchersCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "vouchers", abstract: "Show the channels that pay the node, with their newest vouchers.",
        discussion: """
            The JSON has channel and voucher as they were signed: whoever has both can claim for the node's wallet.

            Examples:
              storj node vouchers --dir node
              storj node vouchers --dir node --json > vouchers.json
            """)
    package static let server = OperatorServer.node

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let vouchers: VouchersAnswer = try await session.client.get("vouchers")
        try session.print(json: vouchers) { FarmingText.vouchers(vouchers, session) }
    }
}

/// `storj node claim`.
package struct NodeClaimCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "claim", abstract: "Take everything that was promised to the ledger now, or show what was taken.",
        discussion: """
            The node does this itself when it is worth the fee, and whenever a channel closes. With --list nothing is claimed.

            Examples:
              storj node claim --dir node --all
              storj node claim --dir node --list
            """)
    package static let server = OperatorServer.node

    @OptionGroup package var options: OperatorOptions

    @Option(help: "Of this satellite only.")
    var satellite: String?

    @Flag(help: "Of all satellites, as without --satellite.")
    var all = false

    @Flag(help: "Show claims, and claim nothing.")
    var list = false

    package init() {}

    package func validate() throws {
        guard !all || satellite == nil else { throw ValidationError("Either --all or --satellite.") }
    }

    package func run(in session: OperatorSession) async throws {
        let claims: ClaimsAnswer =
            list
            ? try await session.client.get("claims")
            : try await session.client.post("claims", body: Wanted(satellite: satellite))
        try session.print(json: claims) { FarmingText.claims(claims, session) }
    }

    private struct Wanted: Encodable, Sendable {
        let satellite: String?
    }
}

/// `storj node wallet`.
package struct NodeWalletCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "wallet", abstract: "Show who is paid, and what the ledger says of it.",
        discussion: """
            The keys are wallet.json and hot.json in the node's folder, as wallets exchange them (keystore V3), under the
            password in wallet.password. Keep a copy of all three: whoever has the wallet has the money.

            Example:
              storj node wallet --dir node --json | jq -r .wallet
            """)
    package static let server = OperatorServer.node

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let wallet: WalletAnswer = try await session.client.get("wallet")
        try session.print(json: wallet) { FarmingText.wallet(wallet, session) }
    }
}
