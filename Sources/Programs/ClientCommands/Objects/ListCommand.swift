package import ArgumentParser
import Uplink

/// `storj ls`.
package struct ListCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List buckets, or what is in one.",
        discussion: """
            A place that does not end in a slash lists every key that begins so. Lines of folders are marked PRE.

            Examples:
              storj ls
              storj ls sj://photos/2026/
              storj ls -r --json sj://photos
              storj ls --pending sj://backup
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "sj://bucket or sj://bucket/prefix; the buckets when left out.", transform: RemotePath.parse)
    package var place: RemotePath?

    @Flag(name: .shortAndLong, help: "List everything below.")
    package var recursive = false

    @Flag(help: "List uploads that were begun and not finished.")
    package var pending = false

    @Flag(help: "List older versions and delete markers as well.")
    package var allVersions = false

    @Flag(help: "Show keys as they are stored, without decrypting them.")
    package var encrypted = false

    @Flag(name: [.customShort("x"), .long], help: "Also show when objects expire and what is attached to them.")
    package var expanded = false

    @Flag(help: "Show exact numbers of bytes.")
    package var bytes = false

    @Option(help: ArgumentHelp("Stop after so many lines.", valueName: "count"))
    package var limit: Int?

    package init() {}

    package func validate() throws {
        guard limit.map({ $0 > 0 }) ?? true else { throw ValidationError("--limit must be at least 1") }
        guard !pending || !allVersions else { throw ValidationError("--pending and --all-versions exclude each other") }
        guard !pending || place?.isProject == false else {
            throw ValidationError("--pending needs a bucket: sj://bucket")
        }
    }

    package func run(in session: CommandSession) async throws {
        let format = ListFormat(
            isExpanded: expanded, showsVersions: allVersions, showsBytes: bytes, timeZone: session.timeZone)
        var printer = ListPrinter(session.output, isJSON: session.isJSON, format: format, limit: limit)
        try await session.withProject(adjust: { $0.showsEncryptedKeys = encrypted }) { project in
            try await list(project, &printer)
        }
        try printer.finish()
    }

    private func list(_ project: Project, _ printer: inout ListPrinter) async throws {
        let place = place ?? RemotePath(bucket: "")
        guard place.isProject else { return try await list(place, project, &printer) }
        for try await bucket in project.buckets() {
            if recursive {
                try await list(RemotePath(bucket: bucket.name), project, &printer)
            } else {
                try printer.add(ListRow(bucket))
            }
            if printer.isFull { return }
        }
    }

    private func list(_ place: RemotePath, _ project: Project, _ printer: inout ListPrinter) async throws {
        let listing = PrefixListing(place, isRecursive: recursive)
        // Below a folder only the rest of a key is shown; in a recursive list, and over all buckets, the whole.
        let shown =
            recursive ? (self.place?.isProject ?? true ? RemotePath(bucket: place.bucket).description + "/" : "") : nil
        if pending {
            return try await listing.uploads(in: project) { upload in
                try printer.add(ListRow(upload, below: listing.folder, shown: shown))
                return !printer.isFull
            }
        }
        var options = ListOptions()
        options.allVersions = allVersions
        options.includesCustomMetadata = expanded
        if let limit { options.pageSize = min(limit, 1000) }
        try await listing.items(in: project, options: options) { item in
            try printer.add(ListRow(item, bucket: place.bucket, below: listing.folder, shown: shown))
            return !printer.isFull
        }
    }
}
