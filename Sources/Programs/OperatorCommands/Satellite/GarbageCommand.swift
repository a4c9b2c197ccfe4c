package import ArgumentParser

/// `storj satellite garbage`.
package struct GarbageCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "garbage", abstract: "Show how the last collection of garbage went; stop it in an emergency.",
        discussion: """
            A collection tells every node which pieces to keep; nodes put the others into their trash.

            Examples:
              storj satellite garbage --dir sat
              storj satellite chores trigger garbage-collection --dir sat
              storj satellite garbage restore-trash --dir sat
            """,
        subcommands: [ShowGarbageCommand.self, RestoreTrashCommand.self, EndHoldCommand.self],
        defaultSubcommand: ShowGarbageCommand.self)

    package init() {}
}
