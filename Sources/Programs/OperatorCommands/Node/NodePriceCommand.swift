package import ArgumentParser
import ClientCommands
import Contracts
import Foundation
import Installation
import NodeAPI

/// `storj node price`.
package struct NodePriceCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "price", abstract: "What the node asks for storage and traffic.",
        discussion: """
            Prices are signed and sent to every satellite. Lower prices hold at once; a rise holds after the notice only,
            30 days unless settings say otherwise, and never backwards.
            """,
        subcommands: [Show.self, Set.self], defaultSubcommand: Show.self)

    package init() {}

    /// `storj node price show`.
    package struct Show: OperatorCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Show the prices that hold, and those that come.",
            discussion: """
                Example:
                  storj node price show --dir node
                """)
        package static let server = OperatorServer.node
        package static let path = "node price show"

        @OptionGroup package var options: OperatorOptions

        package init() {}

        package func run(in session: OperatorSession) async throws {
            let prices: PricesAnswer = try await session.client.get("prices")
            try session.print(json: prices) { FarmingText.prices(prices, session) }
        }
    }

    /// `storj node price set`.
    package struct Set: OperatorCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Ask other prices; those left out stay as they are.",
            discussion: """
                Prices are for a terabyte (10¹² bytes), storage for a month of 720 hours: dollars, or STORJ with --storj.

                Examples:
                  storj node price set --dir node --storage 1.20
                  storj node price set --dir node --storj --storage 5 --egress 8 --repair 8 --audit 8
                """)
        package static let server = OperatorServer.node
        package static let path = "node price set"

        @OptionGroup package var options: OperatorOptions

        @Flag(help: "Prices in STORJ.")
        var storj = false

        @Flag(help: "Prices in dollars.")
        var usd = false

        @Option(help: "A terabyte stored for a month.")
        var storage: String?

        @Option(help: "A terabyte sent to customers.")
        var egress: String?

        @Option(help: "A terabyte sent for repairs.")
        var repair: String?

        @Option(help: "A terabyte sent for audits.")
        var audit: String?

        @Option(help: "How long the prices are promised, for instance 365d.")
        var validity: String?

        package init() {}

        package func validate() throws {
            guard !(storj && usd) else { throw ValidationError("Prices are in dollars or in STORJ, not in both.") }
            guard [storage, egress, repair, audit, validity].contains(where: { $0 != nil }) else {
                throw ValidationError("Name at least one price, for instance --storage 1.20.")
            }
            if let validity, SettingText.duration(validity) == nil {
                throw ValidationError("--validity wants a duration such as 365d, not \"\(validity.printable)\"")
            }
            for text in [storage, egress, repair, audit].compactMap({ $0 }) { _ = try units(text, inSTORJ: storj) }
        }

        package func run(in session: OperatorSession) async throws {
            let old: PricesAnswer = try await session.client.get("prices")
            let inSTORJ = storj || (!usd && (old.coming ?? old.current)?.denomination == "storj")
            let wanted = Wanted(
                denomination: inSTORJ ? "storj" : "usd", storage: try storage.map { try units($0, inSTORJ: inSTORJ) },
                egress: try egress.map { try units($0, inSTORJ: inSTORJ) },
                repair: try repair.map { try units($0, inSTORJ: inSTORJ) },
                audit: try audit.map { try units($0, inSTORJ: inSTORJ) },
                validitySeconds: validity.flatMap { SettingText.duration($0)?.components.seconds })
            let prices: PricesAnswer = try await session.client.post("prices", body: wanted)
            if prices.rises {
                try session.messages.line(
                    "Some price rises: until \(session.show(prices.coming?.validFrom)) the old prices hold. "
                        + "Dearer nodes get fewer new pieces.")
            }
            try session.print(json: prices) { FarmingText.prices(prices, session) }
        }

        private func units(_ text: String, inSTORJ: Bool) throws -> UInt64 {
            let units =
                inSTORJ ? TokenAmount(text)?.units : USDAmount(text).flatMap { UInt64(exactly: $0.micro) }
            guard let units else {
                throw ValidationError("\"\(text.printable)\" is no price: write digits with a point, such as 1.50")
            }
            return units
        }

        private struct Wanted: Encodable, Sendable {
            let denomination: String
            let storage: UInt64?
            let egress: UInt64?
            let repair: UInt64?
            let audit: UInt64?
            let validitySeconds: Int64?
        }
    }
}
