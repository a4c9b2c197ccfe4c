package import ArgumentParser

extension ClientProgram {
    /// The commands that move data.
    package static let transferCommands: [any ParsableCommand.Type] = [
        CopyCommand.self, MoveCommand.self, SyncCommand.self, CatCommand.self, PutCommand.self,
    ]
}
