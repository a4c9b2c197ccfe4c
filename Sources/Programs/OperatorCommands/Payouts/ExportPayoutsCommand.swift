package import ArgumentParser
import ClientCommands

/// `storj satellite payouts export`.
package struct ExportPayoutsCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print all nodes' statements of a month, or what is still to be paid.",
        discussion: """
            csv: one line a node. json: a list; one node's element is what storj verify payout checks. prepayout: who is to get
            how much now, as payment tools read it; the month does not matter for it.

            Examples:
              storj satellite payouts export 2026-11 --dir sat > months.json
              storj satellite payouts export 2026-11 --format csv --dir sat
              storj satellite payouts export 2026-11 --format prepayout --dir sat
            """)
    package static let server = OperatorServer.satellite
    package static let path = "satellite payouts export"

    /// What is printed.
    enum Format: String, ExpressibleByArgument, CaseIterable, Sendable { case json, csv, prepayout }

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "The month, as 2026-11.")
    var month: String
    @Option(help: "json, csv or prepayout.")
    var format = Format.json

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let path =
            format == .prepayout
            ? "payouts/prepayout" : "payouts/months/\(OperatorClient.component(month))?format=\(format.rawValue)"
        let text = try await session.client.text(path)
        try session.output.write(Array(text.utf8) + (text.hasSuffix("\n") ? [] : [UInt8(ascii: "\n")]))
    }
}
