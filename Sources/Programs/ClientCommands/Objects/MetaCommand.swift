package import ArgumentParser
import Uplink

/// `storj meta`.
package struct MetaCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "meta", abstract: "Show and change what is attached to objects.",
        discussion: """
            Examples:
              storj meta get sj://photos/beach.jpg
              storj meta get sj://photos/beach.jpg place
              storj meta set sj://photos/beach.jpg place=Texel year=2026
              storj meta remove sj://photos/beach.jpg year
            """,
        subcommands: [MetaGetCommand.self, MetaSetCommand.self, MetaRemoveCommand.self])

    package init() {}
}

/// `storj meta get`.
package struct MetaGetCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Show an object's metadata, or one entry of it.",
        discussion: """
            Examples:
              storj meta get sj://photos/beach.jpg
              storj meta get sj://photos/beach.jpg place
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "The object.", transform: RemotePath.parse)
    package var object: RemotePath

    @Argument(help: "The entry; all when left out.")
    package var entry: String?

    package init() {}

    package func validate() throws { try object.requireKey() }

    package func run(in session: CommandSession) async throws {
        let metadata = try await session.withProject {
            try await $0.object(bucket: object.bucket, key: object.key).metadata
        }
        guard let entry else { return try session.printMetadata(metadata) }
        guard let value = metadata[entry] else {
            throw CommandFailure(
                .notFound, "\(object) has no entry \"\(entry)\"",
                advice: metadata.isEmpty
                    ? "Nothing is attached to it" : "It has \(metadata.keys.sorted().joined(separator: ", "))")
        }
        if session.isJSON { return try session.output.json([entry: value]) }
        // A terminal must not obey what others attached; a program gets the value as it is.
        try session.output.line(session.environment.isOutputTerminal ? value.printable : value)
    }
}

/// `storj meta set`.
package struct MetaSetCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Attach entries to an object.",
        discussion: """
            Entries that are not named stay, unless --replace is given.

            Examples:
              storj meta set sj://photos/beach.jpg place=Texel year=2026
              storj meta set sj://photos/beach.jpg --replace '{"place":"Texel"}'
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "The object.", transform: RemotePath.parse)
    package var object: RemotePath

    @Argument(help: "Entries key=value, or one JSON object of texts.")
    package var entries: [String]

    @Flag(help: "Drop the entries that are not named.")
    package var replace = false

    package init() {}

    package func validate() throws {
        try object.requireKey()
        _ = try parsed()
    }

    private func parsed() throws -> [String: String] {
        if entries.count == 1, entries[0].hasPrefix("{") { return try MetadataText.parse(entries[0]) }
        let pairs = try entries.map(MetadataText.parsePair)
        return Dictionary(pairs.map { ($0.key, $0.value) }) { _, last in last }
    }

    package func run(in session: CommandSession) async throws {
        let changes = try parsed()
        let metadata = try await session.withProject { project in
            try await project.changeMetadata(of: object) { replace ? changes : $0.merging(changes) { _, new in new } }
        }
        try session.printMetadata(metadata)
    }
}

/// `storj meta remove`.
package struct MetaRemoveCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove entries from an object's metadata.",
        discussion: """
            Example:
              storj meta remove sj://photos/beach.jpg year
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "The object.", transform: RemotePath.parse)
    package var object: RemotePath

    @Argument(help: "The entries.")
    package var entries: [String]

    package init() {}

    package func validate() throws { try object.requireKey() }

    package func run(in session: CommandSession) async throws {
        let metadata = try await session.withProject { project in
            try await project.changeMetadata(of: object) { old in old.filter { !entries.contains($0.key) } }
        }
        try session.printMetadata(metadata)
    }
}

extension Project {
    /// Changes an object's metadata; the new one.
    fileprivate func changeMetadata(
        of place: RemotePath, _ change: ([String: String]) -> [String: String]
    ) async throws -> [String: String] {
        let metadata = change(try await object(bucket: place.bucket, key: place.key).metadata)
        try await updateMetadata(bucket: place.bucket, key: place.key, metadata: metadata)
        return metadata
    }
}

extension CommandSession {
    /// Prints metadata: one object as JSON, lines of names and values for people.
    fileprivate func printMetadata(_ metadata: [String: String]) throws {
        guard !isJSON else { return try output.json(metadata) }
        let facts = metadata.sorted { $0.key < $1.key }.map { (name: $0.key.printable, value: $0.value) }
        try FactList.lines(facts).forEach(output.line)
    }
}
