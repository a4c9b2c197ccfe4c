package import Foundation

/// What surrounds a command: variables, clock and terminal. Tests make their own.
package struct CommandEnvironment: Sendable {
    /// The environment variables.
    package var variables: [String: String]
    /// The current time.
    package var now: @Sendable () -> Date
    /// The zone in which people read and write times.
    package var timeZone: TimeZone
    /// Whether a person sits at standard input, so that asking makes sense.
    package var isInputTerminal: Bool
    /// Whether standard output is read by a person.
    package var isOutputTerminal: Bool
    /// Whether standard error is read by a person, so that a progress bar makes sense.
    package var isErrorTerminal: Bool
    /// Reads one line of standard input without the line's end; nil at the end of the input.
    package var readLine: @Sendable () throws -> String?
    /// Asks a person for a secret, which does not appear on the screen.
    package var readSecret: @Sendable (_ prompt: String) throws -> String

    /// An environment of its parts.
    package init(
        variables: [String: String] = [:], now: @escaping @Sendable () -> Date, timeZone: TimeZone = .gmt,
        isInputTerminal: Bool = false, isOutputTerminal: Bool = false, isErrorTerminal: Bool = false,
        readLine: @escaping @Sendable () throws -> String? = { nil },
        readSecret: @escaping @Sendable (String) throws -> String = { _ in "" }
    ) {
        self.variables = variables
        self.now = now
        self.timeZone = timeZone
        self.isInputTerminal = isInputTerminal
        self.isOutputTerminal = isOutputTerminal
        self.isErrorTerminal = isErrorTerminal
        self.readLine = readLine
        self.readSecret = readSecret
    }

    /// The one of this process.
    package static var process: CommandEnvironment {
        CommandEnvironment(
            variables: ProcessInfo.processInfo.environment, now: { Date() }, timeZone: .current,
            isInputTerminal: isatty(STDIN_FILENO) == 1, isOutputTerminal: isatty(STDOUT_FILENO) == 1,
            isErrorTerminal: isatty(STDERR_FILENO) == 1, readLine: { Swift.readLine(strippingNewline: true) },
            readSecret: SecretPrompt.read)
    }

    /// A variable's text; nil when it is not set or empty.
    package func variable(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
