package import ArgumentParser
package import ClientCommands
import Contracts

/// `storj market`.
package struct ShowMarketCommand: MarketCommand {
    package static let configuration = CommandConfiguration(
        commandName: "market", abstract: "Show what farmers ask at a satellite, how much they have, and what storing costs now.",
        discussion: """
            A customer's terabyte is kept as pieces at many farmers: it costs what they ask, times the expansion, and the
            satellite's margin. --explain works that out step by step and sets it beside the big clouds' price lists.

            Exit codes: 0 done, 1 failed, 3 no offers, 5 the satellite does not answer, 64 wrong command line, 78 wrong file of
            prices.

            Examples:
              storj market 12Sa…@satellite.example:7777
              storj market 12Sa…@satellite.example:7777 --explain
              storj market 12Sa…@satellite.example:7777 --explain --downloads 20 --clouds prices.txt
            """)
    package static let path = "market"

    @Argument(help: ArgumentHelp("The satellite, ID@HOST:PORT.", valueName: "satellite"))
    var satelliteURL: String
    @Flag(help: "Work the price of a terabyte out, beside the big clouds' lists.")
    var explain = false
    @Option(help: "With --explain: how much of what is stored is downloaded in a month, in percent.")
    var downloads: UInt64 = 100
    @Option(
        help: "With --explain: a file of price lists, \"name; USD a TB-month; USD a TB sent; source\" a line.",
        completion: .file())
    var clouds: String?
    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    /// Checks that what is asked makes sense.
    package mutating func validate() throws {
        guard explain || clouds == nil else { throw ValidationError("--clouds goes with --explain") }
        guard downloads <= 10_000 else { throw ValidationError("--downloads lies in 0…10000") }
    }

    package func run(environment: CommandEnvironment, output: CommandOutput) async throws {
        let prices = try clouds.map { try CloudPrice.parse(String(decoding: try LocalFile.read($0), as: UTF8.self)) }
        let market = try await StrangerConnection.with(satelliteURL) { _, connection, _ in
            try await MarketReader.read(connection)
        }
        if json { return try output.json(Answer(market, clouds: explain ? prices ?? CloudPrice.known : nil)) }
        let lines =
            explain
            ? MarketText.explanation(market, clouds: prices ?? CloudPrice.known, downloads: downloads)
            : MarketText.lines(market)
        for line in lines { try output.line(line) }
    }

    /// All prices in micro-dollars.
    struct Answer: Encodable {
        let farmers: Int
        let withoutPrice: Int
        let freeBytes: UInt64
        let heldBytes: UInt64
        let microUSDPerSTORJ: UInt64?
        let totalShares: UInt32
        let requiredShares: UInt32
        let marginThousandthsOfPercent: UInt32
        let storage: MarketSummary.Distribution
        let egress: MarketSummary.Distribution
        let storageCost: MarketSummary.Cost
        let egressCost: MarketSummary.Cost
        let clouds: [CloudPrice]?

        init(_ market: MarketReader.Market, clouds: [CloudPrice]?) {
            let summary = market.summary
            farmers = market.count
            withoutPrice = summary.withoutPrice
            freeBytes = summary.free
            heldBytes = summary.held
            microUSDPerSTORJ = market.quote
            totalShares = summary.totalShares
            requiredShares = summary.requiredShares
            marginThousandthsOfPercent = summary.margin
            storage = summary.storage
            egress = summary.egress
            storageCost = summary.storageCost
            egressCost = summary.egressCost
            self.clouds = clouds
        }
    }
}
