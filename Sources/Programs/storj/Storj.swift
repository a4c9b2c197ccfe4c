import ArgumentParser
import ClientCommands
import DirectCommands
import GatewayCommands
import Installation
import MarketCommands

/// The one program: what customers type, a satellite, a storage node, or a whole network on one machine.
@main
struct Storj: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storj",
        abstract: "Decentralized cloud storage: store and share objects, or run a satellite, a node or a whole network.",
        discussion: """
            Places in the network are written sj://bucket/key.

            Examples:
              storj access create --satellite ID@HOST:PORT --api-key KEY --save main
              storj mb sj://photos
              storj ls sj://photos/2026/
              storj share sj://photos/2026/ --not-after +7d
              storj up --dir network

            \(ExitStatus.summary)
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(name: "Storage", subcommands: ClientProgram.subcommands),
            CommandGroup(name: "Without a satellite", subcommands: [DirectProgram.self]),
            CommandGroup(
                name: "Servers",
                subcommands: [
                    IdentityCommand.self, SatelliteCommand.self, NodeCommand.self, GatewayCommand.self, UpCommand.self,
                ]),
            CommandGroup(name: "Market and checks", subcommands: MarketProgram.commands + [VerifyCommand.self]),
            CommandGroup(name: "Shell", subcommands: [CompletionCommand.self]),
        ]
    )

    static func main() async {
        Allocator.tune()
        await main(ClientProgram.normalized(Array(CommandLine.arguments.dropFirst())))
    }
}
