import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite durability`.
package struct DurabilityCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "durability", abstract: "Show how many segments are healthy, to be repaired, at risk and lost.",
        discussion: """
            The figures come from the newest complete pass over all segments, by redundancy class
            (required/repair/optimal/total pieces) and placement. To look now, trigger a pass first.

            Examples:
              storj satellite durability --dir sat
              storj satellite durability --dir sat --histogram
              storj satellite chores trigger ranged-loop --dir sat && storj satellite durability --dir sat --json
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions

    @Flag(help: "Also show segments by their count of healthy pieces.")
    var histogram = false

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let durability: DurabilityAnswer = try await session.client.get("durability")
        try session.print(json: durability) {
            guard let asOf = durability.asOf else {
                return ["no pass over all segments was completed since the satellite started"]
            }
            var lines = ["as of \(session.show(asOf)): \(DurabilityText.summary(durability))"]
            if !durability.classes.isEmpty { lines += [""] + DurabilityText.table(durability) }
            if histogram { lines += durability.classes.flatMap { [""] + DurabilityText.histogram($0) } }
            return lines
        }
    }
}
