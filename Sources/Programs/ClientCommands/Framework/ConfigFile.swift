import Foundation
import Installation

/// A customer's `config.json`.
struct ConfigFile {
    private let session: CommandSession

    init(_ session: CommandSession) {
        self.session = session
    }

    private var url: URL { session.folder.appending(path: "config.json") }

    /// Changes the file's texts, and refuses what the settings would refuse.
    ///
    /// - Throws: `SettingsError`, or `CommandFailure` when the file cannot be written.
    func change(_ body: (inout [String: String]) -> Void) throws {
        var texts = try SettingsValues.read(url)
        body(&texts)
        _ = try ClientSettings(
            flags: texts, environment: CommandEnvironment(now: session.environment.now), folder: session.folder)
        try ClientFolder.create(session.folder)
        do { try SettingsFile.write(texts, to: url) } catch {
            throw CommandFailure(.failure, "\(url.path) cannot be written: \(error.localizedDescription)")
        }
    }
}
