package import Foundation

/// Writes the settings file of a folder.
package enum SettingsFile {
    /// Writes `overrides` (dotted keys) as one JSON object, readable by its owner only because it may hold secrets.
    package static func write(_ overrides: [String: String], to url: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try SecretFile.write(try encoder.encode(overrides), to: url)
    }
}
