/// One thing a program can be told: where it is found, what it means, and what holds when nobody says anything.
package struct SettingDefinition: Sendable {
    /// What texts a setting accepts.
    package enum Kind: Sendable {
        /// Any text.
        case text
        /// A whole number, at least 0.
        case number
        /// `true` or `false`.
        case flag
        /// A number with a unit: `500ms`, `30s`, `10m`, `4h`, `7d`.
        case duration
        /// A number of bytes with an optional unit: `500GB`, `64MiB`, `1TB`.
        case bytes
    }

    /// The name in the settings file, dots separate levels: `node.online_window`.
    package let key: String
    /// What texts are accepted.
    package let kind: Kind
    /// The text that holds when no file, variable or flag says otherwise; empty for "none".
    package let defaultText: String
    /// One sentence for people.
    package let summary: String
    /// Whether the value is masked when settings are printed.
    package let isSecret: Bool

    /// Defines a setting.
    package init(_ key: String, _ kind: Kind, default defaultText: String, secret: Bool = false, _ summary: String) {
        self.key = key
        self.kind = kind
        self.defaultText = defaultText
        self.summary = summary
        isSecret = secret
    }

    /// The environment variable for this setting in `program`: `STORJ_SATELLITE_NODE_ONLINE_WINDOW`; without the
    /// program's name for customers' commands: `STORJ_ACCESS`.
    package func environmentName(program: String?) -> String {
        "STORJ_\(program.map { "\($0)_" } ?? "")\(key)".uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
    }

    /// Whether `text` is a value of this setting's kind.
    func accepts(_ text: String) -> Bool {
        if text.isEmpty { return defaultText.isEmpty || kind == .text }
        switch kind {
        case .text: return true
        case .number: return Int(text).map { $0 >= 0 } ?? false
        case .flag: return text == "true" || text == "false"
        case .duration: return SettingText.duration(text) != nil
        case .bytes: return SettingText.bytes(text) != nil
        }
    }
}
