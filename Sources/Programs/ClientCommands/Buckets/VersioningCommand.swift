package import ArgumentParser
import Uplink

/// `storj versioning`.
package struct VersioningCommand: ClientCommand {
    /// What to do.
    package enum Action: String, ExpressibleByArgument, CaseIterable {
        case get, enable, suspend
    }

    package static let configuration = CommandConfiguration(
        commandName: "versioning", abstract: "Show or change whether a bucket keeps what is overwritten or deleted.",
        discussion: """
            Examples:
              storj versioning get sj://photos
              storj versioning enable sj://photos
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "get, enable or suspend.")
    package var action: Action

    @Argument(help: "The bucket.", transform: RemotePath.parse)
    package var bucket: RemotePath

    package init() {}

    package func validate() throws { try bucket.requireOnlyBucket() }

    package func run(in session: CommandSession) async throws {
        let state = try await session.withProject { project in
            if action != .get { try await project.setVersioning(action == .enable, ofBucket: bucket.bucket) }
            return try await project.versioning(ofBucket: bucket.bucket)
        }
        if session.isJSON {
            try session.output.json(["bucket": bucket.bucket, "versioning": state.name])
        } else {
            try session.output.line(state.name)
        }
    }
}

extension BucketVersioning {
    /// The state in one word, stable.
    var name: String {
        switch self {
        case .unsupported: "unsupported"
        case .unversioned: "unversioned"
        case .enabled: "enabled"
        case .suspended: "suspended"
        }
    }
}
