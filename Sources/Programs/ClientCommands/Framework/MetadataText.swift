import ArgumentParser
import Foundation

/// Custom metadata as typed: `--metadata '{"color":"red"}'` or `color=red`.
package enum MetadataText {
    /// Reads a JSON object of texts, or pairs `key=value` separated by commas.
    ///
    /// - Throws: `ValidationError` that says how to write it.
    package static func parse(_ text: String) throws -> [String: String] {
        if text.first(where: { !$0.isWhitespace }) == "{" {
            do {
                return try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
            } catch {
                throw ValidationError("metadata is not a JSON object of texts, such as {\"color\":\"red\"}")
            }
        }
        var metadata: [String: String] = [:]
        for pair in text.split(separator: ",", omittingEmptySubsequences: true) {
            let (key, value) = try parsePair(String(pair))
            guard metadata.updateValue(value, forKey: key) == nil else {
                throw ValidationError("metadata names \"\(key.printable)\" twice")
            }
        }
        return metadata
    }

    /// Reads one `key=value`; the value may be empty and may contain equal signs.
    ///
    /// - Throws: `ValidationError`.
    package static func parsePair(_ text: String) throws -> (key: String, value: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw ValidationError("\"\(text.printable)\" is not metadata; write key=value")
        }
        return (String(parts[0]), String(parts[1]))
    }
}
