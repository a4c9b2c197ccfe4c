package import ArgumentParser
import Foundation
package import Uplink

/// `storj cat`.
package struct CatCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "cat", abstract: "Write the content of objects to standard output.",
        discussion: """
            Examples:
              storj cat sj://logs/today
              storj cat sj://logs/monday sj://logs/tuesday | gzip > logs.gz
              storj cat sj://backups/disk.img --range bytes=0-511

            \(ExitStatus.summary)
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: ArgumentHelp("Objects, in order: sj://bucket/key.", valueName: "object"), transform: RemotePath.parse)
    package var objects: [RemotePath]

    @Option(
        help: ArgumentHelp("Only these bytes of each: bytes=FIRST-LAST, FIRST- or -LENGTH.", valueName: "range"),
        transform: RangeText.parse)
    package var range: DownloadRange?

    @Option(name: .shortAndLong, help: ArgumentHelp("Segments of an object on their way at once.", valueName: "count"))
    package var parallelism: Int?

    @Flag(help: "Fetch all pieces from the start, and correct wrong ones.")
    package var errorCorrection = false

    package init() {}

    package func validate() throws {
        guard !objects.isEmpty else { throw ValidationError("at least one object is needed") }
        guard !client.json else { throw ValidationError("--json does not go with content on standard output") }
        guard parallelism.map({ $0 > 0 }) ?? true else { throw ValidationError("--parallelism must be at least 1") }
        for object in objects { try object.requireKey() }
    }

    package func run(in session: CommandSession) async throws {
        try await session.withProject { configuration in
            if let parallelism { configuration.segmentsInFlight = parallelism }
            configuration.correctsErrors = errorCorrection
        } _: { project in
            var failures = 0
            for object in objects {
                do {
                    try await project.download(
                        bucket: object.bucket, key: object.key, options: DownloadOptions(range: range ?? .all),
                        toDescriptor: STDOUT_FILENO)
                } catch let error as UplinkError
                    where error.code == .fileSystem && CommandOutput.isReaderGone(STDOUT_FILENO) {
                    throw CommandOutput.ReaderGone()
                } catch let error as UplinkError where objects.count > 1 && error.code != .fileSystem {
                    failures += 1
                    FailureReport(error, helpCommand: "cat").lines.forEach(session.messages.note)
                }
            }
            if failures > 0 { throw CommandFailure(.partial, "\(failures) of \(objects.count) objects failed") }
        }
    }
}
