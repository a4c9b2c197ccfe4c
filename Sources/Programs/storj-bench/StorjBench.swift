import ArgumentParser
import Installation

/// Measures the building blocks of this project on this machine.
@main
struct StorjBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storj-bench",
        abstract: "Measures the building blocks on this machine.",
        subcommands: [Micro.self, CheaterTable.self, MillionPiecesCommand.self, DisputeCommand.self])

    /// Runs as the programs do that are made of what is measured.
    static func main() async {
        Allocator.tune()
        await main(nil)
    }
}
