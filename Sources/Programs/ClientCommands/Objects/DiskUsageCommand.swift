package import ArgumentParser
import Uplink

/// `storj du`.
package struct DiskUsageCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "du", abstract: "Sum up sizes and numbers of objects, folder by folder.",
        discussion: """
            Examples:
              storj du sj://photos
              storj du --depth 2 sj://photos/2026/
              storj du -s
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "sj://bucket or sj://bucket/prefix/; the whole project when left out.", transform: RemotePath.parse)
    package var place: RemotePath?

    @Option(name: [.customShort("d"), .long], help: "How many levels of folders to show.")
    package var depth = 1

    @Flag(name: .shortAndLong, help: "Only the total.")
    package var summarize = false

    @Flag(help: "Count older versions as well.")
    package var allVersions = false

    @Flag(help: "Show exact numbers of bytes.")
    package var bytes = false

    package init() {}

    package func validate() throws {
        guard (0...100).contains(depth) else { throw ValidationError("--depth lies in 0…100") }
    }

    package func run(in session: CommandSession) async throws {
        let place = place ?? RemotePath(bucket: "")
        var usage = UsageTree(root: place, depth: summarize ? 0 : depth)
        try await session.withProject { project in
            guard place.isProject else { return try await add(place, project, &usage) }
            for try await bucket in project.buckets() {
                let place = RemotePath(bucket: bucket.name)
                usage.add(bucket: place)
                try await add(place, project, &usage)
            }
        }
        try report(usage, in: session)
    }

    private func add(_ place: RemotePath, _ project: Project, _ usage: inout UsageTree) async throws {
        var options = ListOptions(prefix: place.isPrefix ? place.key : "\(place.key)/", isRecursive: true)
        options.allVersions = allVersions
        var isEmpty = true
        for try await item in project.objects(bucket: place.bucket, options: options) {
            guard let object = item.object else { continue }
            usage.add(RemotePath(bucket: place.bucket, key: object.key), bytes: object.size)
            isEmpty = false
        }
        guard isEmpty, !place.isPrefix else { return }
        usage.add(place, bytes: try await project.object(bucket: place.bucket, key: place.key).size)
    }

    private func report(_ usage: UsageTree, in session: CommandSession) throws {
        guard !session.isJSON else { return try usage.rows.forEach(session.output.json) }
        var table = TextTable([.init("SIZE", .right), .init("OBJECTS", .right), .init("PLACE")])
        for row in usage.rows {
            table.add([bytes ? String(row.bytes) : SizeText.human(row.bytes), String(row.objects), row.place])
        }
        try table.lines.forEach(session.output.line)
    }
}
