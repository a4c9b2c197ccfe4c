import ArgumentParser
import MarketCommands

/// `storj verify`.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check what others claim, without believing anybody.",
        subcommands: [VerifyHeartbeatCommand.self] + MarketProgram.verifyCommands)
}
