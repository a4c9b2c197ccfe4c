import ArgumentParser
import Installation

/// The one program: a satellite, a storage node, or a whole network on one machine.
@main
struct Storj: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storj",
        abstract: "Decentralized cloud storage: run a satellite, a storage node, or a whole network.",
        discussion: """
            Examples:
              storj up --dir network                     a satellite and ten nodes on this machine
              storj satellite setup --dir sat            prepare a satellite
              storj satellite run --dir sat              run it
              storj node setup --dir node --satellites ID@HOST:PORT

            Exit codes: 0 stopped on request, 1 failed, 64 wrong command line, 78 wrong settings.
            """,
        version: "0.1.0",
        subcommands: [IdentityCommand.self, SatelliteCommand.self, NodeCommand.self, UpCommand.self]
    )

    static func main() async {
        Allocator.tune()
        await main(nil)
    }
}
