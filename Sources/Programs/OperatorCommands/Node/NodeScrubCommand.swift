package import ArgumentParser
import ClientCommands
import Installation
import NodeAPI

/// `storj node scrub`.
package struct NodeScrubCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "scrub", abstract: "Read everything that is stored again, to find bad pieces before others do.",
        discussion: """
            Bad pieces are reported to their satellites, which repair them without counting a failed audit.
            """,
        subcommands: [Status.self, Start.self, Pause.self], defaultSubcommand: Status.self)

    package init() {}

    /// `storj node scrub status`.
    package struct Status: OperatorCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Show how far the reading is, and what it found.",
            discussion: """
                Example:
                  storj node scrub status --dir node --json
                """)
        package static let server = OperatorServer.node
        package static let path = "node scrub status"

        @OptionGroup package var options: OperatorOptions

        package init() {}

        package func run(in session: OperatorSession) async throws {
            let scrub: ScrubAnswer = try await session.client.get("scrub")
            try session.print(json: scrub) { [NodeText.scrub(scrub, session)] }
        }
    }

    /// `storj node scrub start`.
    package struct Start: OperatorCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Begin now, or go on after a pause.",
            discussion: """
                The rate holds until the node's next start; the setting scrub.rate is for good.

                Examples:
                  storj node scrub start --dir node
                  storj node scrub start --dir node --rate 100MB
                """)
        package static let server = OperatorServer.node
        package static let path = "node scrub start"

        @OptionGroup package var options: OperatorOptions

        @Option(help: "Bytes a second, for instance 100MB.")
        var rate: String?

        package init() {}

        package func validate() throws { _ = try bytes() }

        private func bytes() throws -> Int64? {
            try rate.map { text in
                guard let bytes = SettingText.bytes(text), bytes > 0 else {
                    throw ValidationError("--rate wants a number of bytes such as 100MB, not \"\(text.printable)\"")
                }
                return bytes
            }
        }

        package func run(in session: OperatorSession) async throws {
            let scrub: ScrubAnswer = try await session.client.post("scrub/start", body: Wanted(rate: try bytes()))
            try session.print(json: scrub) { ["the node reads \(SizeText.human(scrub.rate)) a second"] }
        }

        private struct Wanted: Encodable, Sendable {
            let rate: Int64?
        }
    }

    /// `storj node scrub pause`.
    package struct Pause: OperatorCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Stand still until start, also over restarts.",
            discussion: """
                Example:
                  storj node scrub pause --dir node
                """)
        package static let server = OperatorServer.node
        package static let path = "node scrub pause"

        @OptionGroup package var options: OperatorOptions

        package init() {}

        package func run(in session: OperatorSession) async throws {
            let scrub: ScrubAnswer = try await session.client.post("scrub/pause")
            try session.print(json: scrub) { ["the scrub is paused; storj node scrub start goes on"] }
        }
    }
}
