package import ArgumentParser
package import Uplink

/// `storj health`.
package struct HealthCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Show how an object is doing: where its pieces are and how many are healthy.",
        discussion: """
            A segment is healthy, degraded (it will be repaired), at risk (it can hardly lose another piece) or lost. Small
            segments are kept by the satellite itself. Segments that are healthy are counted but not listed unless --all
            is given. Satellites that do not tell such things are recognised.

            Examples:
              storj health sj://photos/2026/beach.jpg
              storj health sj://photos/2026/beach.jpg --pieces
              storj health sj://photos/2026/beach.jpg --json | jq 'select(.summary).conditions'
            """)

    /// Segments listed at most without --all: a large object has thousands.
    static let maximumListed = 50

    @OptionGroup package var client: ClientOptions

    @Argument(help: "sj://bucket/key.", transform: RemotePath.parse)
    package var place: RemotePath

    @Option(help: ArgumentHelp("An older version.", valueName: "id"), transform: VersionText.parse)
    package var versionId: ObjectVersion?

    @Flag(help: "List every segment.")
    package var all = false

    @Flag(help: "List every piece of every segment.")
    package var pieces = false

    @Flag(help: "End with exit code 1 when a segment is at risk or lost.")
    package var check = false

    @Flag(help: "Take the key as it is stored, encrypted.")
    package var encrypted = false

    package init() {}

    package func validate() throws { try place.requireKey() }

    package func run(in session: CommandSession) async throws {
        try await session.withProject(adjust: { $0.showsEncryptedKeys = encrypted }) { project in
            let health = project.health(bucket: place.bucket, key: place.key, version: versionId)
            guard let worst = try await show(health, session), check, worst >= .atRisk else { return }
            throw CommandFailure(.failure, "\(place) is \(worst.text)")
        }
    }

    /// Prints segments as they come, then what they sum up to.
    ///
    /// - Returns: the worst condition of a segment; nil without segments.
    package func show<Health: AsyncSequence<SegmentHealth, any Error>>(
        _ health: Health, _ session: CommandSession
    ) async throws -> SegmentHealth.Condition? {
        var tally = HealthTally()
        var listed: [SegmentHealth] = []
        var unlistedCount = 0
        for try await segment in health {
            tally.add(segment)
            if session.isJSON {
                try session.output.json(SegmentRecord(segment))
            } else if all || pieces || segment.condition > .healthy {
                if all || pieces || listed.count < Self.maximumListed { listed.append(segment) } else { unlistedCount += 1 }
            }
        }
        guard !session.isJSON else {
            try session.output.json(HealthSummary(tally, of: place))
            return tally.worst
        }
        let text = HealthText(tally: tally)
        var lines = text.summary(of: place)
        if !listed.isEmpty { lines += [""] + HealthText.table(listed) }
        if unlistedCount > 0 { lines.append("and \(unlistedCount) more: --all lists them") }
        if pieces { lines += listed.flatMap { [""] + HealthText.pieces(of: $0) } }
        for line in lines + text.map { try session.output.line(line) }
        return tally.worst
    }
}
