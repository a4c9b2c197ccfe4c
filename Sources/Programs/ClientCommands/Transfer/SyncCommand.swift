package import ArgumentParser

/// `storj sync`.
package struct SyncCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Make a target like a source: transfer what is new or changed.",
        discussion: """
            What is in the source folder or prefix is put into the target. Files whose size and time of change agree are left \
            alone, so that an interrupted run is continued by the next one. Content is not compared: what is stored is \
            encrypted. --delete deletes what only the target has, after everything has been transferred.

            Examples:
              storj sync photos sj://pictures/2026
              storj sync sj://pictures/2026 photos --delete --dry-run
              storj sync sj://pictures sj://copy --compare size

            \(ExitStatus.summary)
            """)

    @OptionGroup package var client: ClientOptions
    @OptionGroup package var transfer: TransferFlags

    @Argument(help: "A folder, or sj://bucket/prefix.", completion: .directory, transform: Location.parse)
    package var source: Location

    @Argument(help: "A folder, or sj://bucket/prefix.", completion: .directory, transform: Location.parse)
    package var target: Location

    @Flag(help: "Delete what only the target has.")
    package var delete = false

    @Option(help: "What tells that a file has changed: mtime (size and time) or size.")
    package var compare = SyncComparison.modified

    package init() {}

    package func validate() throws {
        guard source != .standardStreams, target != .standardStreams else {
            throw ValidationError("standard input and output are no folders")
        }
        guard source.isRemote || target.isRemote else {
            throw ValidationError("one of source and target must be an sj:// location")
        }
        for case .remote(let path) in [source, target] { try path.requireBucket() }
        if source.contains(tree: target) || target.contains(tree: source) {
            throw ValidationError("source and target lie in one another")
        }
    }

    package func run(in session: CommandSession) async throws {
        if case .local(let folder) = source {
            guard let kind = FileFacts.kind(of: folder) else {
                throw CommandFailure(.failure, "\(folder): no such folder")
            }
            guard kind == .folder else {
                throw CommandFailure(.usage, "\(folder) is no folder", advice: "storj cp copies a single file")
            }
        }
        let options = transfer.options
        let finder = SyncFinder(source: source, target: target, filter: options.filter, comparison: compare)
        let route = [TransferRoute.tree(root: source, target: target)]
        let run = try TransferCommandRun(session: session, options: options, verb: route.verb)
        try await run.run(isSync: true) { project, report, emit in
            try await finder.find(project, unchanged: report.unchanged, emit: emit)
        } finish: { project, report in
            guard delete, !finder.surplus.isEmpty else { return }
            if source.isRemote, finder.foundCount == 0 {
                throw CommandFailure(
                    .notFound, "there is nothing below \(source), so nothing is deleted", advice: "Is the source right?")
            }
            guard report.isClean else {
                throw CommandFailure(.partial, "nothing is deleted, because not everything could be transferred")
            }
            try await SyncDeletion(target: target, project: project, report: report, isDryRun: options.isDryRun)
                .delete(finder.surplus)
        }
    }
}

extension SyncComparison: ExpressibleByArgument {}
