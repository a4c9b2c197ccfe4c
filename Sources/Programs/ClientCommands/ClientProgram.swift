package import ArgumentParser

/// What customers type.
package enum ClientProgram {
    /// The commands, in the order in which help lists them.
    package static let subcommands: [any ParsableCommand.Type] =
        transferCommands + [
            ListCommand.self, StatCommand.self, HealthCommand.self, TreeCommand.self, DiskUsageCommand.self,
            RemoveCommand.self, MakeBucketCommand.self, RemoveBucketCommand.self, MetaCommand.self, ShareCommand.self,
            AccessCommand.self, VersioningCommand.self, RetentionCommand.self, LegalHoldCommand.self,
            ConfigCommand.self,
        ]
}
