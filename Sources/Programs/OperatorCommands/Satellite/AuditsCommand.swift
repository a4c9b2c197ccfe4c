package import ArgumentParser

/// `storj satellite audits`.
package struct AuditsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "audits", abstract: "Show how audits stand; forgive after the restore of a backup.",
        discussion: """
            Examples:
              storj satellite audits --dir sat
              storj satellite audits forgive --before 2026-11-22T08:00:00Z --dir sat
            """,
        subcommands: [ShowAuditsCommand.self, ForgiveCommand.self], defaultSubcommand: ShowAuditsCommand.self)

    package init() {}
}
