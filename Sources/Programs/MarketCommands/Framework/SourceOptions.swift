import ArgumentParser
import ClientCommands
import DRPC
import StorageModel

/// Where published files come from.
struct SourceOptions: ParsableArguments, Sendable {
    @Option(
        name: .customLong("from"), help: ArgumentHelp("The satellite that publishes, ID@HOST:PORT.", valueName: "satellite"))
    var satelliteURL: String?

    @Option(
        name: .customLong("files"), help: "A folder with the published files, under the names they were published by.",
        completion: .directory)
    var folder: String?

    @Option(name: .customLong("satellite"), help: "The id that must have signed, with --files.")
    var satelliteID: String?

    init() {}

    /// Checks that there is one source at most.
    mutating func validate() throws {
        guard satelliteURL == nil || folder == nil else { throw ValidationError("--from or --files, not both") }
        guard satelliteID == nil || folder != nil else { throw ValidationError("--satellite goes with --files") }
        if let satelliteID {
            do { _ = try NodeID(text: satelliteID) } catch { throw ValidationError("\(satelliteID): \(error)") }
        }
    }

    /// Whether there is a source.
    var isGiven: Bool { satelliteURL != nil || folder != nil }

    /// Opens the source around a body.
    ///
    /// - Throws: `CommandFailure`; what the body throws.
    func with<Result>(_ body: (PublishedSource) async throws -> Result) async throws -> Result {
        if let folder {
            let expected = try satelliteID.map { try NodeID(text: $0) }
            return try await body(PublishedSource(files: PublishedFolder(path: folder), satellite: expected, remote: nil))
        }
        guard let satelliteURL else { throw CommandFailure(.usage, "say where the files are: --from or --files") }
        return try await StrangerConnection.with(satelliteURL) { url, connection, dialer in
            try await body(
                PublishedSource(
                    files: SatellitePublication(connection: connection), satellite: url.id,
                    remote: .init(url: url, connection: connection, dialer: dialer)))
        }
    }
}

/// Published files, and whose they must be.
struct PublishedSource {
    /// A satellite that can be asked for more.
    struct Remote {
        let url: NodeURL
        let connection: any RPCConnection
        let dialer: any RPCDialer
    }

    let files: any Publication
    /// Who must have signed; nil believes the files.
    let satellite: NodeID?
    /// The satellite itself; nil for files.
    let remote: Remote?
}
