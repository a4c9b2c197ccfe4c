package import ArgumentParser

/// What customers type.
package enum ClientProgram {
    /// The commands, in the order in which help lists them.
    package static let subcommands: [any ParsableCommand.Type] = transferCommands + []
}
