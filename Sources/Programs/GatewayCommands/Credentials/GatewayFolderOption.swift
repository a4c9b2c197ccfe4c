package import ArgumentParser
package import ClientCommands
package import Foundation
import GatewayRecords
import StorageModel

/// Where the gateway's records are.
package struct GatewayFolderOption: ParsableArguments, Sendable {
    @Option(
        name: .customLong("dir"),
        help: ArgumentHelp(
            "The gateway's folder. Also STORJ_GATEWAY_DIR; gateway in the folder of settings otherwise.",
            valueName: "folder"), completion: .directory)
    package var folder: String?

    package init() {}

    /// The folder; need not exist.
    package func url(in session: CommandSession) -> URL {
        if let path = folder ?? session.environment.variable("STORJ_GATEWAY_DIR") {
            return URL(filePath: path, directoryHint: .isDirectory).absoluteURL
        }
        return session.folder.appending(path: "gateway", directoryHint: .isDirectory)
    }
}

extension GatewayFolderOption {
    /// Opens the records for a command, and closes them however `body` ends.
    func withRecords<Result>(
        in session: CommandSession, _ body: (GatewayRecords) async throws -> Result
    ) async throws -> Result {
        let records = try await GatewayRecords.open(folder: url(in: session), random: .system)
        do {
            let result = try await body(records)
            try records.close()
            return result
        } catch {
            // The first failure is the one to tell; what was acknowledged is on disk already.
            try? records.close()
            throw error
        }
    }
}

extension CommandSession {
    /// The moment of the environment's clock.
    var timestamp: Timestamp { Timestamp(date: environment.now()) }
}

extension Timestamp {
    /// A date to the microsecond.
    init(date: Date) {
        self.init(microseconds: Int64((date.timeIntervalSince1970 * 1_000_000).rounded()))
    }

    /// For showing.
    var date: Date { Date(timeIntervalSince1970: Double(microseconds) / 1_000_000) }
}
