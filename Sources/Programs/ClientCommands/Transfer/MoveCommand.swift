package import ArgumentParser

/// `storj mv`.
package struct MoveCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "mv", abstract: "Move files and objects: up, down, or within the network.",
        discussion: """
            Locations are understood as by cp. Within the network no content is moved. Otherwise a source is deleted only \
            after its content has been stored, and only when it has not changed meanwhile.

            Examples:
              storj mv sj://inbox/report.pdf sj://archive/2026/
              storj mv -r sj://pictures/new/ sj://pictures/2026/
              storj mv recording.wav sj://recordings

            \(ExitStatus.summary)
            """)

    @OptionGroup package var client: ClientOptions
    @OptionGroup package var transfer: TransferFlags

    @Argument(
        help: ArgumentHelp("Sources, and the target at the end: paths or sj://bucket/key.", valueName: "location"),
        completion: .file(), transform: Location.parse)
    package var locations: [Location]

    @Flag(name: .shortAndLong, help: "Move folders and prefixes with all that is in them.")
    package var recursive = false

    package init() {}

    package func validate() throws {
        guard locations.count > 1 else { throw ValidationError("at least one source and a target are needed") }
        guard !locations.contains(.standardStreams) else { throw ValidationError("standard input and output cannot be moved") }
    }

    package func run(in session: CommandSession) async throws {
        var options = transfer.options
        options.removesSource = true
        let routes = try TransferRouting(isRecursive: recursive, kind: FileFacts.kind(of:))
            .routes(from: locations.dropLast(), to: locations[locations.count - 1])
        let run = try TransferCommandRun(
            session: session, options: options, isSingle: routes.isSingle, verb: "moved")
        let filter = options.filter
        try await run.run { project, _, emit in
            try await TransferFinder(project: project, filter: filter, removesSource: true).find(routes, emit: emit)
        } finish: { _, report in
            guard report.isClean, options.filter.isEverything, !options.isDryRun else { return }
            for case .tree(.local(let folder), _) in routes { EmptyFolders.remove(in: folder) }
        }
    }
}
