package import ArgumentParser

/// `storj satellite chores`.
package struct ChoresCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "chores", abstract: "List, pause, resume, trigger and watch a satellite's recurring work.",
        discussion: """
            Examples:
              storj satellite chores --dir sat
              storj satellite chores trigger ranged-loop --dir sat
              storj satellite chores pause garbage-collection --dir sat
              storj satellite chores watch --dir sat
            """,
        subcommands: [
            ListChoresCommand.self, PauseChoreCommand.self, ResumeChoreCommand.self, TriggerChoreCommand.self,
            WatchChoresCommand.self,
        ], defaultSubcommand: ListChoresCommand.self)

    package init() {}
}
