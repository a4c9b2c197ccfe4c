package import ArgumentParser
import Foundation
import Installation

/// `storj config`.
package struct ConfigCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show and change your defaults.",
        discussion: """
            A flag counts before an environment variable (STORJ_PARALLELISM), that before config.json.

            Examples:
              storj config list
              storj config set parallelism 16
              storj config unset parallelism
            """,
        subcommands: [ConfigListCommand.self, ConfigSetCommand.self, ConfigUnsetCommand.self])

    package init() {}
}

/// `storj config list`.
package struct ConfigListCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Print the settings in effect and where each came from, with secrets masked.")

    @OptionGroup package var client: ClientOptions

    package init() {}

    package func run(in session: CommandSession) async throws {
        guard session.isJSON else { return try session.settings.values.lines.forEach(session.output.line) }
        for definition in ClientSettings.definitions {
            let text = session.settings.values.text(definition.key)
            try session.output.json(
                Setting(
                    key: definition.key, value: definition.isSecret && !text.isEmpty ? "********" : text,
                    origin: session.settings.values.origin(definition.key)))
        }
    }
}

/// `storj config set`.
package struct ConfigSetCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Write a default to config.json.",
        discussion: """
            Example:
              storj config set parallelism 16
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "The setting.", completion: .list(ClientSettings.definitions.map(\.key)))
    package var key: String

    @Argument(help: "Its value.")
    package var value: String

    package init() {}

    package func run(in session: CommandSession) async throws {
        try ConfigFile(session).change { $0[key] = value }
    }
}

/// `storj config unset`.
package struct ConfigUnsetCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "unset", abstract: "Remove a default from config.json.",
        discussion: """
            Example:
              storj config unset parallelism
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "The setting.", completion: .list(ClientSettings.definitions.map(\.key)))
    package var key: String

    package init() {}

    package func run(in session: CommandSession) async throws {
        try ConfigFile(session).change { $0[key] = nil }
    }
}

/// A setting in effect, as JSON.
private struct Setting: Encodable {
    let key: String
    let value: String
    let origin: String
}
