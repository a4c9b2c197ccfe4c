package import Foundation
import StorageModel

/// A program's settings in effect: flags over environment over file over defaults.
package struct SettingsValues: Sendable {
    private struct Entry {
        let text: String
        let origin: String
    }

    private let program: String?
    private let definitions: [SettingDefinition]
    private let entries: [String: Entry]

    /// Resolves the settings of `program`.
    ///
    /// - Parameters:
    ///   - program: `satellite` or `node`, part of the environment variables' names; nil for customers' commands.
    ///   - flags: texts given on the command line, by key.
    ///   - environment: the process's variables.
    ///   - file: a JSON object, nested or with dotted keys; a missing file is an empty one.
    /// - Throws: `SettingsError` for an unreadable file, an unknown key or a value of the wrong kind.
    package init(
        program: String?, definitions: [SettingDefinition], flags: [String: String],
        environment: [String: String], file: URL?
    ) throws {
        self.program = program
        self.definitions = definitions
        let known = Set(definitions.map(\.key))
        let fileTexts = try file.map(Self.read) ?? [:]
        if let key = fileTexts.keys.sorted().first(where: { !known.contains($0) }) {
            throw SettingsError.unknownKey(key: key, origin: file?.path ?? "the settings file")
        }
        if let key = flags.keys.sorted().first(where: { !known.contains($0) }) {
            throw SettingsError.unknownKey(key: key, origin: "the command line")
        }
        var entries: [String: Entry] = [:]
        for definition in definitions {
            let variable = definition.environmentName(program: program)
            let entry: Entry =
                if let text = flags[definition.key] {
                    Entry(text: text, origin: "the command line")
                } else if let text = environment[variable] {
                    Entry(text: text, origin: variable)
                } else if let text = fileTexts[definition.key] {
                    Entry(text: text, origin: file?.path ?? "the settings file")
                } else {
                    Entry(text: definition.defaultText, origin: "default")
                }
            guard definition.accepts(entry.text) else {
                throw SettingsError.badValue(
                    key: definition.key, text: definition.isSecret ? "…" : entry.text, origin: entry.origin,
                    expected: Self.expectation(definition.kind))
            }
            entries[definition.key] = entry
        }
        self.entries = entries
    }

    /// The text of a setting; the key must be defined.
    package func text(_ key: String) -> String {
        guard let entry = entries[key] else { preconditionFailure("setting \(key) is defined") }
        return entry.text
    }

    /// Where a setting's text came from: a variable's name, a file's path, "the command line" or "default".
    package func origin(_ key: String) -> String { entries[key]?.origin ?? "default" }

    /// A whole number.
    package func number(_ key: String) -> Int { value(key, Int.init) }
    /// A yes or no.
    package func flag(_ key: String) -> Bool { value(key, Bool.init) }
    /// A duration.
    package func duration(_ key: String) -> Duration { value(key, SettingText.duration) }
    /// A number of bytes.
    package func bytes(_ key: String) -> Int64 { value(key, SettingText.bytes) }

    /// A `host:port`, an IPv6 host in brackets.
    ///
    /// - Throws: `SettingsError.badValue`.
    package func hostAndPort(_ key: String) throws -> (host: String, port: Int) {
        guard let parts = NodeURL(id: NodeID(), address: text(key)).hostAndPort else {
            throw refusal(of: key, expected: "host:port")
        }
        return parts
    }

    /// What to throw for a setting whose text is of the right kind and still cannot be used.
    ///
    /// - Parameter expected: what would do, after "which is not".
    package func refusal(of key: String, expected: String) -> SettingsError {
        let isSecret = definitions.contains { $0.key == key && $0.isSecret }
        return .badValue(key: key, text: isSecret ? "…" : text(key), origin: origin(key), expected: expected)
    }

    private func value<Value>(_ key: String, _ parse: (String) -> Value?) -> Value {
        guard let value = parse(text(key)) else { preconditionFailure("setting \(key) was checked when it was read") }
        return value
    }

    /// One line a setting: key, value (secrets masked), origin and meaning; for people and for snapshots.
    package var lines: [String] {
        definitions.map { definition in
            let entry = entries[definition.key] ?? Entry(text: "", origin: "default")
            let shown = definition.isSecret && !entry.text.isEmpty ? "********" : entry.text
            return "\(definition.key) = \(shown)  # \(definition.summary) [\(entry.origin)]"
        }
    }

    private static func expectation(_ kind: SettingDefinition.Kind) -> String {
        switch kind {
        case .text: "a text"
        case .number: "a whole number of at least 0"
        case .flag: "true or false"
        case .duration: "a duration such as 30s, 10m or 4h"
        case .bytes: "a number of bytes such as 64MiB or 1TB"
        }
    }

    /// What a settings file says, by dotted key; a missing file is an empty one.
    ///
    /// - Throws: `SettingsError.unreadableFile`, `.notAnObject`.
    package static func read(_ file: URL) throws -> [String: String] {
        guard FileManager.default.fileExists(atPath: file.path) else { return [:] }
        let data: Data
        do { data = try Data(contentsOf: file) } catch {
            throw SettingsError.unreadableFile(path: file.path, reason: error.localizedDescription)
        }
        guard let object = try? JSONDecoder().decode(JSONValue.self, from: data), case .object = object else {
            // The decoder's own message adds nothing a person can act on.
            throw SettingsError.notAnObject(path: file.path)
        }
        var texts: [String: String] = [:]
        object.flatten(prefix: "", into: &texts)
        return texts
    }
}

/// The parts of JSON a settings file uses.
private enum JSONValue: Decodable {
    case object([String: JSONValue])
    case scalar(String)

    init(from decoder: any Decoder) throws {
        if let object = try? decoder.singleValueContainer().decode([String: JSONValue].self) {
            // Trying the kinds in turn is how a JSON scalar's kind is found out.
            self = .object(object)
            return
        }
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .scalar(flag ? "true" : "false")
        } else if let number = try? container.decode(Int64.self) {
            self = .scalar(String(number))
        } else {
            self = .scalar(try container.decode(String.self))
        }
    }

    func flatten(prefix: String, into texts: inout [String: String]) {
        switch self {
        case .scalar(let text): texts[prefix] = text
        case .object(let members):
            for (name, value) in members {
                value.flatten(prefix: prefix.isEmpty ? name : "\(prefix).\(name)", into: &texts)
            }
        }
    }
}
