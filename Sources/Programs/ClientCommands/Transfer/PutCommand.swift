package import ArgumentParser
import Foundation
import Uplink

/// `storj put`.
package struct PutCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "put", abstract: "Store what standard input delivers as an object.",
        discussion: """
            Examples:
              storj put sj://backups/list.txt < list.txt
              tar cz folder | storj put sj://backups/folder.tar.gz --expires +720h

            \(ExitStatus.summary)
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: ArgumentHelp("Where it goes: sj://bucket/key.", valueName: "object"), transform: RemotePath.parse)
    package var object: RemotePath

    @Option(help: ArgumentHelp("Metadata to attach: a JSON object of texts, or key=value,….", valueName: "metadata"))
    package var metadata: String?

    @Option(help: ArgumentHelp("When the object disappears by itself: +2h, 2026-12-31, ….", valueName: "time"))
    package var expires: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Segments on their way at once.", valueName: "count"))
    package var parallelism: Int?

    @Flag(inversion: .prefixedNo, help: "Show how far it is, on standard error.")
    package var progress = true

    package init() {}

    package func validate() throws {
        try object.requireKey()
        guard !object.isPrefix else {
            throw ValidationError("\(object) ends in a slash; write the whole key of the object")
        }
        guard parallelism.map({ $0 > 0 }) ?? true else { throw ValidationError("--parallelism must be at least 1") }
    }

    package func run(in session: CommandSession) async throws {
        var options = TransferOptions()
        options.showsProgress = progress
        options.parallelism = parallelism
        options.metadata = try metadata.map(MetadataText.parse)
        options.expires = try expires.flatMap(session.time)
        options.transfers = 1
        let target = Location.remote(object)
        let run = try TransferCommandRun(
            session: session, options: options, isSingle: true, verb: TransferRecord.Action.upload.past)
        try await run.run { _, _, emit in
            try await emit(.transfer(Transfer(source: .standardStreams, target: target, size: nil)))
        }
    }
}
