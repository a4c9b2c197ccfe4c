package import Foundation
package import Uplink

/// What a running command works with.
package struct CommandSession: Sendable {
    /// Variables, clock and terminal.
    package let environment: CommandEnvironment
    /// The defaults in effect.
    package let settings: ClientSettings
    /// Results.
    package let output: CommandOutput
    /// Warnings and progress; never results.
    package let messages: CommandOutput
    /// Whether results are JSON.
    package let isJSON: Bool
    /// The zone in which times are shown.
    package let timeZone: TimeZone
    /// Where settings and grants are kept; need not exist.
    package let folder: URL
    /// The saved grants.
    package let store: AccessStore

    /// A session for a command's options.
    ///
    /// - Throws: `SettingsError` or `CommandFailure` when settings cannot be used.
    package init(
        options: ClientOptions, flags: [String: String], environment: CommandEnvironment, output: CommandOutput,
        messages: CommandOutput
    ) throws {
        let folder = try ClientFolder.url(flag: options.configFolder, environment: environment)
        self.environment = environment
        self.folder = folder
        settings = try ClientSettings(
            flags: options.flags.merging(flags) { _, own in own }, environment: environment, folder: folder)
        self.output = output
        self.messages = messages
        isJSON = options.json
        timeZone = options.utc ? .gmt : environment.timeZone
        store = AccessStore(folder: folder)
    }

    /// The grant of the command line, the environment, the settings file, or the saved default.
    ///
    /// - Throws: `CommandFailure` when there is none or it is not one.
    package func access() throws -> Access {
        try store.resolve(settings.access)
    }

    /// A time for people.
    package func show(_ date: Date) -> String { TimeText.display(date, in: timeZone) }

    /// Reads a time as typed; nil for `none`.
    ///
    /// - Throws: `ValidationError`.
    package func time(_ text: String) throws -> Date? {
        try TimeText.parse(text, now: environment.now(), timeZone: environment.timeZone)
    }
}
