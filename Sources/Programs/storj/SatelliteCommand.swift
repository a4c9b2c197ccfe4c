import ArgumentParser
import Foundation
import Installation
import LocalNetwork
import Logging
import Macaroons
import OperatorCommands
import StorageModel

/// `storj satellite`.
struct SatelliteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "satellite", abstract: "Set up, run and look after a satellite.",
        groupedSubcommands: [
            CommandGroup(name: "Setting up", subcommands: [Setup.self, Run.self, Settings.self, Key.self]),
            CommandGroup(name: "While it runs", subcommands: OperatorProgram.satelliteCommands),
        ])

    /// `storj satellite setup`.
    struct Setup: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a satellite's identity, secrets and settings.",
            discussion: """
                Example:
                  storj satellite setup --dir sat --address 0.0.0.0:7777 --external-address sat.example.org:7777
                """)

        @OptionGroup var folder: FolderOptions

        @Option(help: "Where to listen, host:port.")
        var address: String?

        @Option(help: "The address in grants and trust lists, when it differs.")
        var externalAddress: String?

        @Option(help: "Difficulty of the identity, at least 8.")
        var difficulty = 8

        func run() async throws {
            try await ServerRun.report {
                let satellite = SatelliteFolder(folder.url)
                guard !satellite.isSetUp else { throw ValidationError("\(folder.folder) is set up already") }
                var overrides = try folder.flags()
                overrides["address"] = address ?? overrides["address"]
                overrides["external_address"] = externalAddress ?? overrides["external_address"]
                _ = try satellite.values(flags: overrides)
                try await satellite.setUp(overrides: overrides, difficulty: difficulty)
                print(try satellite.nodeURL(values: try satellite.values()))
            }
        }
    }

    /// `storj satellite run`.
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a satellite until SIGINT or SIGTERM.",
            discussion: """
                Example:
                  storj satellite run --dir sat --set log_level=debug
                """)

        @OptionGroup var folder: FolderOptions

        @Flag(help: "Also stop at the end of standard input, which a parent keeps open.")
        var exitWithParent = false

        func run() async throws {
            try await ServerRun.report {
                let satellite = SatelliteFolder(folder.url)
                guard satellite.isSetUp else {
                    throw ValidationError("\(folder.folder) is not set up: run storj satellite setup first")
                }
                let values = try satellite.values(flags: try folder.flags())
                let logger = try Logger.program("storj.satellite", level: values.text("log_level"))
                let program = try SatelliteProgram(folder: satellite, flags: try folder.flags(), logger: logger)
                try await ServerRun.run([program], endsWithParent: exitWithParent, logger: logger)
            }
        }
    }

    /// `storj satellite settings`.
    struct Settings: SettingsPage {
        @OptionGroup var folder: FolderOptions

        func values(flags: [String: String]) throws -> SettingsValues {
            try SatelliteFolder(folder.url).values(flags: flags)
        }
    }

    /// `storj satellite key`.
    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an API key for a project, and the project when it is new.",
            discussion: """
                The satellite may be running. The key is the last line printed; it is not stored in readable form anywhere else.

                Example:
                  storj satellite key --dir sat --project photos
                """)

        @OptionGroup var folder: FolderOptions

        @Option(help: "The project's name.")
        var project: String

        @Option(help: "What to call the key in listings.")
        var name = "command line"

        func run() async throws {
            try await ServerRun.report {
                let logger = try Logger.program("storj.satellite", level: "warning")
                let key = try await SatelliteFolder(folder.url).createProjectKey(
                    project: project, key: name, logger: logger)
                print(key.apiKey.text)
            }
        }
    }
}
