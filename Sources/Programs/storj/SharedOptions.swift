import ArgumentParser
import Foundation
import Installation
import Logging

/// Where a server's files are and which settings are overridden on the command line.
struct FolderOptions: ParsableArguments {
    @Option(name: .customLong("dir"), help: "The server's folder.", completion: .directory)
    var folder: String

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Override a setting, for instance --set log_level=debug.", valueName: "key=value"))
    var overrides: [String] = []

    /// The folder as a URL.
    var url: URL { URL(filePath: folder, directoryHint: .isDirectory).absoluteURL }

    /// The overrides by key.
    func flags() throws -> [String: String] {
        var flags: [String: String] = [:]
        for override in overrides {
            let parts = override.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw ValidationError("--set wants key=value, not \"\(override)\"") }
            flags[String(parts[0])] = String(parts[1])
        }
        return flags
    }
}

/// `storj satellite settings` and `storj node settings`.
protocol SettingsPage: AsyncParsableCommand {
    var folder: FolderOptions { get }

    /// The settings in effect, with those of the command line.
    func values(flags: [String: String]) throws -> SettingsValues
}

extension SettingsPage {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "settings",
            abstract: "Print the settings in effect, where each came from, with secrets masked.")
    }

    func run() async throws {
        try await ServerRun.report { print(try values(flags: try folder.flags()).lines.joined(separator: "\n")) }
    }
}

extension Logger {
    /// A logger to standard error at the level named in the settings.
    static func program(_ label: String, level: String) throws -> Logger {
        guard let level = Logger.Level(rawValue: level) else {
            throw SettingsError.badValue(
                key: "log_level", text: level, origin: "the settings", expected: "a log level such as info or debug")
        }
        var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        return logger
    }
}
