package import ArgumentParser
import Uplink

/// `storj tree`.
package struct TreeCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "tree", abstract: "Draw folders and objects as a tree.",
        discussion: """
            Examples:
              storj tree sj://photos
              storj tree --depth 2 --folders sj://photos/2026/
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "sj://bucket or sj://bucket/prefix/; all buckets when left out.", transform: RemotePath.parse)
    package var place: RemotePath?

    @Option(name: [.customShort("L"), .long], help: "How many levels to draw.")
    package var depth: Int?

    @Flag(help: "Draw only folders.")
    package var folders = false

    package init() {}

    package func validate() throws {
        guard depth.map({ $0 > 0 }) ?? true else { throw ValidationError("--depth must be at least 1") }
    }

    package func run(in session: CommandSession) async throws {
        let place = place ?? RemotePath(bucket: "")
        let root = place.isPrefix ? place : RemotePath(bucket: place.bucket, key: "\(place.key)/")
        var drawing = TreeDrawing(output: session.output, isJSON: session.isJSON)
        try await session.withProject { project in
            let walk = TreeWalk(project: project, maximumDepth: depth ?? .max, drawsObjects: !folders)
            try drawing.root(root)
            try await walk.draw(root, into: &drawing)
        }
        try drawing.finish()
    }
}
