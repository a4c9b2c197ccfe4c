import ArgumentParser
import Foundation
import Identity
import Installation
import LocalNetwork
import Logging
import OperatorCommands
import StorageModel

/// `storj node`.
struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Set up, run and look after a storage node.",
        groupedSubcommands: [
            CommandGroup(name: "Setting up", subcommands: [Setup.self, Run.self, Settings.self]),
            CommandGroup(name: "While it runs", subcommands: OperatorProgram.nodeCommands),
        ])

    /// `storj node setup`.
    struct Setup: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a node's identity, or take the one in the folder, and its settings.",
            discussion: """
                Example:
                  storj node setup --dir node --satellites ID@sat.example.org:7777 \\
                      --external-address node.example.org:28967 --wallet 0x… --space 2TB
                """)

        @OptionGroup var folder: FolderOptions

        @Option(help: "Trusted satellites, id@host:port, separated by commas.")
        var satellites: String?

        @Option(help: "Where to listen, host:port.")
        var address: String?

        @Option(help: "The address satellites and clients reach, when it differs.")
        var externalAddress: String?

        @Option(help: "The Ethereum address that is paid.")
        var wallet: String?

        @Option(help: "Space for pieces, for instance 2TB.")
        var space: String?

        @Option(help: "Difficulty of a new identity, at least 8.")
        var difficulty = 30

        func run() async throws {
            try await ServerRun.report {
                let node = NodeFolder(folder.url)
                guard !node.isSetUp else { throw ValidationError("\(folder.folder) is set up already") }
                var overrides = try folder.flags()
                let options = [
                    "satellites": satellites, "address": address, "external_address": externalAddress,
                    "operator.wallet": wallet, "storage.allocated": space,
                ]
                for (key, text) in options where text != nil { overrides[key] = text }
                _ = try node.values(flags: overrides)
                try await node.setUp(overrides: overrides, difficulty: difficulty)
                print(try IdentityFiles.load(from: folder.url).id)
            }
        }
    }

    /// `storj node run`.
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a storage node until SIGINT or SIGTERM.",
            discussion: """
                Example:
                  storj node run --dir node --set storage.allocated=4TB
                """)

        @OptionGroup var folder: FolderOptions

        @Flag(help: "Also stop at the end of standard input, which a parent keeps open.")
        var exitWithParent = false

        func run() async throws {
            try await ServerRun.report {
                let node = NodeFolder(folder.url)
                guard node.isSetUp else {
                    throw ValidationError("\(folder.folder) is not set up: run storj node setup first")
                }
                let values = try node.values(flags: try folder.flags())
                let logger = try Logger.program("storj.node", level: values.text("log_level"))
                let program = try NodeProgram(folder: node, flags: try folder.flags(), logger: logger)
                try await ServerRun.run([program], endsWithParent: exitWithParent, logger: logger)
            }
        }
    }

    /// `storj node settings`.
    struct Settings: SettingsPage {
        @OptionGroup var folder: FolderOptions

        func values(flags: [String: String]) throws -> SettingsValues {
            try NodeFolder(folder.url).values(flags: flags)
        }
    }
}
