import ArgumentParser

/// Measures the building blocks of this project on this machine.
@main
struct StorjBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storj-bench",
        abstract: "Measures the building blocks on this machine.",
        subcommands: [Micro.self])
}
