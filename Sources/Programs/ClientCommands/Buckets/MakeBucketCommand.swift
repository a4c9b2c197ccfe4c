package import ArgumentParser
import Uplink

/// `storj mb`.
package struct MakeBucketCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "mb", abstract: "Create a bucket.",
        discussion: """
            Names have 3 to 63 lower-case letters, digits, dots and hyphens.

            Examples:
              storj mb sj://photos
              storj mb sj://ledger --object-lock
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "The bucket.", transform: RemotePath.parse)
    package var bucket: RemotePath

    @Flag(help: "Succeed when the bucket is there already.")
    package var existingOk = false

    @Flag(help: "Allow retention and legal holds in it; this cannot be undone.")
    package var objectLock = false

    @Option(help: ArgumentHelp("Where its data is kept, as the satellite names places.", valueName: "name"))
    package var placement: String?

    package init() {}

    package func validate() throws {
        try bucket.requireOnlyBucket()
        guard !existingOk || (!objectLock && placement == nil) else {
            throw ValidationError(
                "--existing-ok cannot promise --object-lock or --placement of a bucket that is there already")
        }
    }

    package func run(in session: CommandSession) async throws {
        let made = try await session.withProject { project in
            existingOk
                ? try await project.ensureBucket(bucket.bucket)
                : try await project.createBucket(bucket.bucket, objectLock: objectLock, placement: placement ?? "")
        }
        if session.isJSON {
            try session.output.json(BucketRow(made))
        } else {
            let place = bucket.description.printable
            try session.output.line(existingOk ? "\(place) is there." : "Created \(place).")
        }
    }
}
