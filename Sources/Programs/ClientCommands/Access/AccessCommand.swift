package import ArgumentParser

/// `storj access`.
package struct AccessCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "access",
        abstract: "Make, restrict and keep access grants.",
        discussion: """
            A grant holds the satellite's address, an API key and the encryption keys: whoever has it can do all it allows.
            Commands take it from --access, STORJ_ACCESS, or the saved default.

            Examples:
              storj access create --satellite ID@HOST:PORT --api-key KEY --save main
              storj access list
              storj access restrict --prefix sj://photos/2026/ --readonly --not-after +30d
            """,
        subcommands: [
            AccessCreateCommand.self, AccessSaveCommand.self, AccessListCommand.self, AccessUseCommand.self,
            AccessInspectCommand.self, AccessRestrictCommand.self, AccessExportCommand.self, AccessRemoveCommand.self,
            AccessRevokeCommand.self,
        ])

    package init() {}
}
