package import Foundation
package import Installation
package import Logging

/// A customer's defaults: flags over STORJ_… variables over `config.json` over what is written here.
package struct ClientSettings: Sendable {
    /// Everything a customer can set, with its default.
    package static let definitions: [SettingDefinition] = [
        .init(
            "access", .text, default: "", secret: true, "a grant or the name of a saved one, when --access is not given"
        ),
        .init("dial_timeout", .duration, default: "10s", "how long a connection may take to come up"),
        .init(
            "link_url", .text, default: "http://127.0.0.1:7780", "the service that serves links of storj share --url"),
        .init("log_level", .text, default: "error", "error, warning, info, debug or trace, on standard error"),
        .init("memory", .bytes, default: "", "how much of all uploads is held in memory at most, when it is set"),
        .init("parallelism", .number, default: "8", "requests and transfers side by side"),
        .init("passphrase_check", .flag, default: "true", "whether a wrong passphrase is looked for"),
        .init("user_agent", .text, default: "", "product tokens added to requests, such as mytool/1.0"),
    ]

    /// Less than this holds no segment worth sending, in bytes.
    private static let minimumMemory: Int64 = 1 << 20

    /// The resolved texts, for `storj config`.
    package let values: SettingsValues

    /// Resolves the settings.
    ///
    /// - Parameters:
    ///   - flags: texts given on the command line, by key.
    ///   - folder: where `config.json` is; a missing file is an empty one.
    /// - Throws: `SettingsError` naming the setting and where it came from.
    package init(flags: [String: String], environment: CommandEnvironment, folder: URL) throws {
        values = try SettingsValues(
            program: nil, definitions: Self.definitions, flags: flags,
            environment: environment.variables.filter { !$0.value.isEmpty }, file: folder.appending(path: "config.json")
        )
        guard Logger.Level(rawValue: values.text("log_level")) != nil else {
            throw values.refusal(of: "log_level", expected: "error, warning, info, debug or trace")
        }
        guard LinkAddress.isBase(values.text("link_url")) else {
            throw values.refusal(of: "link_url", expected: "https://host or http://host:port")
        }
        guard memory ?? .max >= Self.minimumMemory else {
            throw values.refusal(of: "memory", expected: "at least 1MiB")
        }
        guard values.number("parallelism") > 0 else {
            throw values.refusal(of: "parallelism", expected: "at least 1")
        }
    }

    /// Requests and transfers side by side, at least 1.
    package var parallelism: Int { values.number("parallelism") }
    /// How much of all uploads is held in memory at most, in bytes; nil leaves it to the library.
    package var memory: Int64? { values.text("memory").isEmpty ? nil : values.bytes("memory") }
    /// What links begin with, without a slash at its end.
    package var linkURL: String { LinkAddress.trimmed(values.text("link_url")) }
    /// The grant or saved name to use when the command line names none; nil when nothing is set.
    var access: String? {
        let text = values.text("access")
        return text.isEmpty ? nil : text
    }

    /// Writes to standard error what the library has to say.
    package var logger: Logger {
        var logger = Logger(label: "storj") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: values.text("log_level")) ?? .error
        return logger
    }
}
