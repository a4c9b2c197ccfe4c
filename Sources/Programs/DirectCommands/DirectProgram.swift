package import ArgumentParser

/// `storj direct`: storage without a satellite.
package struct DirectProgram: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "direct", abstract: "Store with farmers directly, without a satellite.",
        discussion: """
            Your folder holds your identity, your wallet and the only list of what you stored where: keep a copy of it.

            Examples:
              storj direct init --dir me --ledger ID@HOST:PORT
              storj direct offers --dir me ID@HOST:PORT ID@HOST:PORT
              storj direct hire --dir me --deposit 5
              storj direct put --dir me --periods 30 photos.tar
              storj direct heartbeat --dir me --watch 1h
              storj direct get --dir me photos.tar copy.tar
              storj direct close --dir me
            """,
        subcommands: [
            DirectInitCommand.self, DirectOffersCommand.self, DirectHireCommand.self, DirectPutCommand.self,
            DirectGetCommand.self, DirectListCommand.self, DirectHeartbeatCommand.self, DirectStatusCommand.self,
            DirectSettleCommand.self, DirectCloseCommand.self,
        ])

    package init() {}
}
