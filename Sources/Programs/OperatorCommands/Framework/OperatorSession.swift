package import Chores
package import ClientCommands
package import Foundation

/// What a running command of an operator works with.
package struct OperatorSession: Sendable {
    /// Asks the server.
    package let client: OperatorClient
    /// Variables, clock and terminal.
    package let environment: CommandEnvironment
    /// How a command that watches waits.
    package let sleeper: Sleeper
    /// Results.
    package let output: CommandOutput
    /// Warnings and progress; never results.
    package let messages: CommandOutput
    /// Whether results are JSON.
    package let isJSON: Bool
    /// The zone in which times are shown.
    package let timeZone: TimeZone

    init(
        client: OperatorClient, options: OperatorOptions, environment: CommandEnvironment, sleeper: Sleeper,
        output: CommandOutput, messages: CommandOutput
    ) {
        self.client = client
        self.environment = environment
        self.sleeper = sleeper
        self.output = output
        self.messages = messages
        isJSON = options.json
        timeZone = options.utc ? .gmt : environment.timeZone
    }

    /// A time for people; a dash for none.
    package func show(_ date: Date?) -> String { date.map { TimeText.display($0, in: timeZone) } ?? "-" }

    /// Prints a value as one line of JSON, or lines for people.
    package func print(json value: some Encodable, _ lines: () -> [String]) throws {
        guard !isJSON else { return try output.json(value) }
        for line in lines() { try output.line(line) }
    }
}
