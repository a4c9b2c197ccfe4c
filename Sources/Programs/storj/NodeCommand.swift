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
            CommandGroup(name: "Setting up", subcommands: [Setup.self, Run.self, Settings.self, Farm.self]),
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
                  sudo storj node setup --dir /srv/node --install --user farmer
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

        @Flag(help: "Ask for everything in the browser, at app.address.")
        var web = false

        @Flag(help: "Write a systemd unit for a node that is set up.")
        var install = false

        @Option(help: "With --install: the unit's file.")
        var unit = "/etc/systemd/system/storj-node.service"

        @Option(help: "With --install: who the node runs as, when not the folder's owner.")
        var user: String?

        @Flag(help: "With --install: write the unit to standard output and nowhere else.")
        var print = false

        @Flag(help: "With --install: write over a unit that says something else.")
        var force = false

        func validate() throws {
            guard install || !(print || force || user != nil) else { throw ValidationError("--print, --force and --user go with --install") }
            guard !(install && web) else { throw ValidationError("--install is for a node that is set up: use --web first") }
        }

        func run() async throws {
            try await ServerRun.report {
                let node = NodeFolder(folder.url)
                if install { return try installUnit(node) }
                guard !node.isSetUp else { throw ValidationError("\(folder.folder) is set up already") }
                if web { return try await NodeCommand.setUpInBrowser(node, flags: try folder.flags(), runsNode: false) }
                var overrides = try folder.flags()
                let options = [
                    "satellites": satellites, "address": address, "external_address": externalAddress,
                    "operator.wallet": wallet, "storage.allocated": space,
                ]
                for (key, text) in options where text != nil { overrides[key] = text }
                _ = try node.values(flags: overrides)
                try await node.setUp(overrides: overrides, difficulty: difficulty)
                Swift.print(try IdentityFiles.load(from: folder.url).id)
            }
        }

        private func installUnit(_ node: NodeFolder) throws {
            guard node.isSetUp else { throw ValidationError("\(folder.folder) is not set up yet") }
            // The service follows no link of the shell that installs it.
            let real = node.url.resolvingSymlinksInPath().standardizedFileURL.path
            // Where systemd keeps the folder of a user that it made, behind a link at the folder's own place.
            let kept = "/var/lib/private/"
            let place = real.hasPrefix(kept) ? "/var/lib/\(real.dropFirst(kept.count))" : real
            let owner = try FileManager.default.attributesOfItem(atPath: place)[.ownerAccountName] as? String
            let text = try SystemdUnit(
                program: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"), folder: place,
                account: SystemdUnit.account(folder: place, wish: user, owner: owner)
            ).text
            if print { return Swift.print(text, terminator: "") }
            let file = try UnitFile(unit)
            let isNew = try file.write(text, replaces: force)
            Swift.print("\(file.url.path) \(isNew ? "is written" : "says so already"). Now type:")
            for command in file.commands { Swift.print("  \(command)") }
        }
    }

    /// `storj node run`.
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a storage node until SIGINT or SIGTERM.",
            discussion: """
                In a folder that is not set up the node first asks for everything in the browser, at app.address.

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
                    return try await NodeCommand.setUpInBrowser(
                        node, flags: try folder.flags(), runsNode: true, endsWithParent: exitWithParent)
                }
                let values = try node.values(flags: try folder.flags())
                let logger = try Logger.program("storj.node", level: values.text("log_level"))
                let program = try NodeProgram(folder: node, flags: try folder.flags(), logger: logger)
                try await ServerRun.run([program], endsWithParent: exitWithParent, logger: logger)
            }
        }
    }

    /// Serves the wizard, and then the node.
    static func setUpInBrowser(
        _ node: NodeFolder, flags: [String: String], runsNode: Bool, endsWithParent: Bool = false
    ) async throws {
        let logger = try Logger.program("storj.node", level: try node.values(flags: flags).text("log_level"))
        let program = try NodeSetupProgram(folder: node, flags: flags, runsNode: runsNode, logger: logger)
        FileHandle.standardError.write(Data("Open \(program.address) in a browser to set the node up.\n".utf8))
        try await ServerRun.run([program], endsWithParent: endsWithParent, logger: logger)
    }

    /// `storj node farm`.
    struct Farm: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show many nodes in one view, in the browser.",
            discussion: """
                FILE names the nodes, one a line: name=http://host:port#token, with each node's app.address and app.token.

                Example:
                  storj node farm --nodes farm.txt --address 127.0.0.1:14001
                """)

        @Option(help: "The file that names the nodes.")
        var nodes: String

        @Option(help: "Where to listen, host:port.")
        var address = "127.0.0.1:14001"

        @Option(help: "What the view asks for at sign-in; needed where others can reach it.")
        var token = ""

        func run() async throws {
            try await ServerRun.report {
                let logger = try Logger.program("storj.farm", level: "info")
                let text = try String(contentsOfFile: nodes, encoding: .utf8)
                let program = try FarmProgram(members: text, address: address, token: token, logger: logger)
                FileHandle.standardError.write(Data("The farm is at http://\(address)/\n".utf8))
                try await ServerRun.run([program], endsWithParent: false, logger: logger)
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
