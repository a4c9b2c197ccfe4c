package import ArgumentParser
package import Uplink

/// `storj cp`.
package struct CopyCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "cp", abstract: "Copy files and objects: up, down, or within the network.",
        discussion: """
            The last location is the target. With several sources or --recursive it is a folder; otherwise it is one when it \
            ends in a slash, is a bucket or an existing folder. --recursive copies what is in a folder; of several \
            folders each keeps its name, unless it is written with a slash at its end. "-" is standard input or output.

            Copies within the network move no content. Files from 128 MiB on continue where an interrupted run of the same \
            command stopped.

            Examples:
              storj cp photo.jpg sj://pictures/2026/
              storj cp -r photos sj://pictures/2026 --exclude '*.tmp'
              storj cp sj://pictures/2026/photo.jpg .
              storj cp -r sj://pictures ./pictures --transfers 32
              storj cp sj://logs/today - --range bytes=-1000
              storj cp backup.tar sj://backups --expires +720h --metadata '{"host":"a"}'

            \(ExitStatus.summary)
            """)

    @OptionGroup package var client: ClientOptions
    @OptionGroup package var transfer: TransferFlags

    @Argument(
        help: ArgumentHelp("Sources, and the target at the end: paths, sj://bucket/key, or -.", valueName: "location"),
        completion: .file(), transform: Location.parse)
    package var locations: [Location]

    @Flag(name: .shortAndLong, help: "Copy folders and prefixes with all that is in them.")
    package var recursive = false

    @Option(
        help: ArgumentHelp("Download only these bytes: bytes=FIRST-LAST, FIRST- or -LENGTH.", valueName: "range"),
        transform: RangeText.parse)
    package var range: DownloadRange?

    @Option(help: ArgumentHelp("Metadata to attach: a JSON object of texts, or key=value,….", valueName: "metadata"))
    package var metadata: String?

    @Option(help: ArgumentHelp("When uploads disappear by themselves: +2h, 2026-12-31, ….", valueName: "time"))
    package var expires: String?

    package init() {}

    package func validate() throws {
        guard locations.count > 1 else { throw ValidationError("at least one source and a target are needed") }
        if range != nil, recursive { throw ValidationError("--range does not go with --recursive") }
        if range != nil, sources.contains(where: { !$0.isRemote }) || target.isRemote {
            throw ValidationError("--range is for downloads")
        }
        if expires != nil, sources.contains(where: \.isRemote) { throw ValidationError("--expires is for uploads") }
        if metadata != nil, !target.isRemote { throw ValidationError("--metadata is for uploads and copies within the network") }
    }

    private var sources: ArraySlice<Location> { locations.dropLast() }
    private var target: Location { locations[locations.count - 1] }

    package func run(in session: CommandSession) async throws {
        var options = transfer.options
        options.range = range ?? .all
        options.metadata = try metadata.map(MetadataText.parse)
        options.expires = try expires.flatMap(session.time)
        // Contents follow one another on standard output.
        if target == .standardStreams { options.transfers = 1 }
        let routes = try TransferRouting(isRecursive: recursive, kind: FileFacts.kind(of:)).routes(from: Array(sources), to: target)
        let run = try TransferCommandRun(
            session: session, options: options, isSingle: routes.isSingle,
            isOutputTaken: target == .standardStreams, verb: routes.verb)
        let filter = options.filter
        try await run.run { project, _, emit in
            try await TransferFinder(project: project, filter: filter, removesSource: false).find(routes, emit: emit)
        }
    }
}

extension FileFacts {
    /// What a path names; nil for nothing that can be had.
    package static func kind(of path: String) -> Kind? {
        do { return try FileFacts(path: path).kind } catch { return nil }
    }
}

extension [TransferRoute] {
    /// Whether there is only one file or object to transfer.
    var isSingle: Bool {
        guard count == 1 else { return false }
        if case .tree = self[0] { return false }
        return true
    }

    /// What is done with them, for the summary.
    var verb: String {
        let directions = Set(
            compactMap { route -> TransferRecord.Action? in
                switch route {
                case .single(let source, let target), .tree(let source, let target):
                    source.isRemote ? (target.isRemote ? .copy : .download) : .upload
                case .refused: nil
                }
            })
        return directions.count == 1 ? directions.first?.past ?? "" : "transferred"
    }
}
