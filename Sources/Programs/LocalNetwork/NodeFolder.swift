import Ethereum
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
        if try values(flags: overrides).text("ledger.kind") != "none" { try makeKeys(difficulty: difficulty, overrides) }
        try SettingsFile.write(overrides, to: settings)
    }

    /// Makes the key that signs, and the wallet unless the farmer keeps one elsewhere.
    private func makeKeys(difficulty: Int, _ overrides: [String: String]) throws {
        // An identity that costs nothing is one for trials; so is its wallet.
        let cost: KeyFile.Cost = difficulty <= 8 ? .light : .standard
        if overrides["operator.wallet"] ?? "" == "" {
            try WalletFiles.create(.wallet, in: url, cost: cost, random: .system)
        }
        try WalletFiles.create(.hot, in: url, cost: cost, random: .system)
    }

    /// The settings in effect.
    package func values(flags: [String: String] = [:]) throws -> SettingsValues {
        try SettingsValues(
            program: "node", definitions: SettingDefinition.node, flags: flags,
            environment: ProcessInfo.processInfo.environment, file: settings)
    }
}
