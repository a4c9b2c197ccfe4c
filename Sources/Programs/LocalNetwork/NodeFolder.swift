package import Foundation
package import Installation
import StorageModel

/// A storage node's files: set up once, run from there.
package struct NodeFolder: Sendable {
    /// The folder.
    package let url: URL

    /// The files in `url`.
    package init(_ url: URL) { self.url = url }

    private var settings: URL { url.appending(path: "settings.json") }

    /// Whether the folder was set up before.
    package var isSetUp: Bool { FileManager.default.fileExists(atPath: settings.path) }

    /// Makes the identity and the settings file. The settings file comes last: with it the set-up is complete.
    ///
    /// - Parameters:
    ///   - overrides: settings that differ from the defaults, by dotted key.
    ///   - difficulty: of the identity, at least 8.
    package func setUp(overrides: [String: String], difficulty: Int) async throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        if !IdentityFiles.exist(in: url) {
            _ = try await IdentityFiles.create(in: url, difficulty: difficulty, tasks: 2, random: .system)
        }
        var overrides = overrides
        if overrides["admin.token"] == nil {
            overrides["admin.token"] = Hexadecimal.encode(RandomSource.system.bytes(count: 16))
        }
        try SettingsFile.write(overrides, to: settings)
    }

    /// The settings in effect.
    package func values(flags: [String: String] = [:]) throws -> SettingsValues {
        try SettingsValues(
            program: "node", definitions: SettingDefinition.node, flags: flags,
            environment: ProcessInfo.processInfo.environment, file: settings)
    }
}
