package import ArgumentParser
import Foundation
package import Uplink

/// `storj retention`.
package struct RetentionCommand: ClientCommand {
    /// What to do.
    package enum Action: String, ExpressibleByArgument, CaseIterable {
        case get, set, clear
    }

    package static let configuration = CommandConfiguration(
        commandName: "retention", abstract: "Show or set until when an object can be neither overwritten nor deleted.",
        discussion: """
            The bucket must have been made with --object-lock.

            Examples:
              storj retention get sj://ledger/2026.csv
              storj retention set sj://ledger/2026.csv --mode governance --until +365d
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "get, set or clear.")
    package var action: Action

    @Argument(help: "The object.", transform: RemotePath.parse)
    package var object: RemotePath

    @Option(help: "governance, which some may end early, or compliance, which nobody can.")
    package var mode: String?

    @Option(help: ArgumentHelp("The end: +365d, 2030-01-01.", valueName: "time"))
    package var until: String?

    @Option(help: ArgumentHelp("An older version.", valueName: "id"), transform: VersionText.parse)
    package var versionId: ObjectVersion?

    @Flag(name: .customLong("bypass-governance-retention"), help: "Shorten or clear retention in governance mode.")
    package var bypassesGovernance = false

    package init() {}

    package func validate() throws {
        try object.requireKey()
        guard (action == .set) == (mode != nil), (action == .set) == (until != nil) else {
            throw ValidationError("--mode and --until belong to set, and set needs both")
        }
        if let mode, Retention.Mode(name: mode) == nil {
            throw ValidationError("\"\(mode.printable)\" is not a mode; write governance or compliance")
        }
    }

    package func run(in session: CommandSession) async throws {
        let wanted = try retention(in: session)
        let found = try await session.withProject { project in
            if action != .get {
                try await project.setRetention(
                    wanted, bucket: object.bucket, key: object.key, version: versionId,
                    bypassesGovernance: bypassesGovernance)
                return wanted
            }
            return try await project.retention(bucket: object.bucket, key: object.key, version: versionId)
        }
        try session.print(RetentionDetails(object, found))
    }

    private func retention(in session: CommandSession) throws -> Retention? {
        guard let mode = mode.flatMap({ Retention.Mode(name: $0) }), let until else { return nil }
        guard let end = try session.time(until), end > session.environment.now() else {
            throw ValidationError("--until must lie in the future")
        }
        return Retention(mode: mode, until: end)
    }
}

/// An object's retention.
private struct RetentionDetails: Details {
    let bucket: String
    let key: String
    let mode: String?
    let until: Date?

    init(_ object: RemotePath, _ retention: Retention?) {
        bucket = object.bucket
        key = object.key
        mode = retention?.mode.name
        until = retention?.until
    }

    func facts(show: (Date) -> String) -> [(name: String, value: String)] {
        [("retention", mode.map { "\($0) until \(until.map(show) ?? "")" } ?? "none")]
    }
}
