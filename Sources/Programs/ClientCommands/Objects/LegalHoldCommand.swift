package import ArgumentParser
package import Uplink

/// `storj legal-hold`.
package struct LegalHoldCommand: ClientCommand {
    /// What to do.
    package enum Action: String, ExpressibleByArgument, CaseIterable {
        case get, on, off
    }

    package static let configuration = CommandConfiguration(
        commandName: "legal-hold", abstract: "Show or change whether an object is protected until further notice.",
        discussion: """
            The bucket must have been made with --object-lock.

            Example:
              storj legal-hold on sj://ledger/2026.csv
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "get, on or off.")
    package var action: Action

    @Argument(help: "The object.", transform: RemotePath.parse)
    package var object: RemotePath

    @Option(help: ArgumentHelp("An older version.", valueName: "id"), transform: VersionText.parse)
    package var versionId: ObjectVersion?

    package init() {}

    package func validate() throws { try object.requireKey() }

    package func run(in session: CommandSession) async throws {
        let isOn = try await session.withProject { project in
            if action != .get {
                try await project.setLegalHold(
                    action == .on, bucket: object.bucket, key: object.key, version: versionId)
            }
            return try await project.legalHold(bucket: object.bucket, key: object.key, version: versionId)
        }
        if session.isJSON {
            try session.output.json(LegalHold(bucket: object.bucket, key: object.key, legalHold: isOn))
        } else {
            try session.output.line(isOn ? "on" : "off")
        }
    }
}

/// An object's legal hold, as JSON.
private struct LegalHold: Encodable {
    let bucket: String
    let key: String
    let legalHold: Bool
}
