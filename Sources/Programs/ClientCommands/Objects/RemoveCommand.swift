package import ArgumentParser
package import Uplink

/// `storj rm`.
package struct RemoveCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Delete objects, or uploads that were begun and not finished.",
        discussion: """
            Examples:
              storj rm sj://photos/2026/beach.jpg
              storj rm -r sj://photos/2026/ --dry-run
              storj rm -r --pending sj://backup
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(
        help: "What to delete: sj://bucket/key, or with -r sj://bucket/prefix/ or sj://bucket.",
        transform: RemotePath.parse)
    package var places: [RemotePath]

    @Flag(name: .shortAndLong, help: "Delete everything below.")
    package var recursive = false

    @Flag(help: "Abort uploads that were begun and not finished, instead of deleting objects.")
    package var pending = false

    @Flag(help: "Delete every version for good.")
    package var allVersions = false

    @Option(help: ArgumentHelp("Delete exactly this version for good.", valueName: "id"), transform: VersionText.parse)
    package var versionId: ObjectVersion?

    @Flag(name: .shortAndLong, help: "Do not mind when there is nothing to delete.")
    package var force = false

    @Flag(help: "Take keys as they are stored, encrypted; deletes also what other passphrases wrote.")
    package var encrypted = false

    @Flag(name: .customLong("bypass-governance-retention"), help: "Delete in spite of retention in governance mode.")
    package var bypassesGovernance = false

    @Flag(help: "Only say what would be deleted.")
    package var dryRun = false

    @Option(name: .shortAndLong, help: ArgumentHelp("Requests side by side.", valueName: "count"))
    package var parallelism: Int?

    package var flags: [String: String] { parallelism.map { ["parallelism": String($0)] } ?? [:] }

    package init() {}

    package func validate() throws {
        guard !places.isEmpty else { throw ValidationError("what to delete is missing") }
        for place in places { _ = try recursive ? place.requireBucket() : place.requireKey() }
        let exclusive = [(pending, "--pending"), (allVersions, "--all-versions"), (versionId != nil, "--version-id")]
            .filter(\.0).map(\.1)
        guard exclusive.count <= 1 else {
            throw ValidationError("\(exclusive.joined(separator: " and ")) exclude each other")
        }
        guard versionId == nil || (!recursive && places.count == 1) else {
            throw ValidationError("--version-id names one version of one object")
        }
    }

    package func run(in session: CommandSession) async throws {
        let access = try session.access()
        // A grant that only writes is not told whether something was there.
        let permission = access.inspection.permission
        let tally = RemovalTally(session, isDryRun: dryRun)
        try await session.withProject(adjust: { $0.showsEncryptedKeys = encrypted }) { project in
            let removal = Removal(
                project: project, tally: tally, parallelism: session.settings.parallelism,
                bypassesGovernance: bypassesGovernance, isDryRun: dryRun, allVersions: allVersions)
            for place in places {
                if pending {
                    try await removal.abortUploads(place, isRecursive: recursive)
                } else if recursive {
                    try await removal.removeTree(place)
                } else {
                    try await removal.remove(place, version: versionId)
                }
            }
        }
        let mayKnow = permission.allowsList || permission.allowsDownload
        try tally.finish(showsSummary: recursive || places.count > 1, missingIsFailure: mayKnow && !force && !recursive)
    }
}
