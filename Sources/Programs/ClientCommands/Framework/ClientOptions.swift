package import ArgumentParser

/// What every command of a customer takes.
package struct ClientOptions: ParsableArguments, Sendable {
    @Option(
        name: [.long, .customShort("a")],
        help: "The access grant, or the name of a saved one. Also STORJ_ACCESS.",
        completion: .custom(AccessCompletion.names))
    package var access: String?

    @Option(
        name: .customLong("config-dir"),
        help: ArgumentHelp("Where grants and settings are kept. Also STORJ_CONFIG_DIR.", valueName: "folder"),
        completion: .directory)
    package var configFolder: String?

    @Flag(help: "Print one JSON object a line.")
    package var json = false

    @Flag(help: "Show times in UTC.")
    package var utc = false

    @Option(
        name: .customLong("log-level"),
        help: ArgumentHelp("error, warning, info, debug or trace.", valueName: "level", visibility: .hidden))
    package var logLevel: String?

    package init() {}

    /// The settings that these options give, by key.
    package var flags: [String: String] {
        var flags: [String: String] = [:]
        flags["access"] = access
        flags["log_level"] = logLevel
        return flags
    }
}
