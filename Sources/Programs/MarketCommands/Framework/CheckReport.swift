import ClientCommands

/// What a check found: what was looked at, and what is wrong with it.
struct CheckReport: Encodable, Sendable {
    /// One thing that was looked at.
    struct Item: Encodable, Sendable {
        /// For instance `period 20411`.
        var name: String
        /// What it says.
        var value: String
        /// Sentences; none when it holds.
        var problems: [String] = []
    }

    /// What was checked, as facts.
    var facts: [Item] = []
    /// Line by line.
    var lines: [Item] = []
    /// What is wrong with the whole, sentences.
    var problems: [String] = []
    /// What could not be looked at, sentences.
    var unknown: [String] = []

    /// Whether nothing is wrong.
    var isSound: Bool { problems.isEmpty && (facts + lines).allSatisfy(\.problems.isEmpty) }

    private enum CodingKeys: String, CodingKey { case isSound, facts, lines, problems, unknown }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(isSound, forKey: .isSound)
        try container.encode(facts, forKey: .facts)
        try container.encode(lines, forKey: .lines)
        try container.encode(problems, forKey: .problems)
        try container.encode(unknown, forKey: .unknown)
    }

    /// Prints it.
    func print(to output: CommandOutput, isJSON: Bool) throws {
        guard !isJSON else { return try output.json(self) }
        let width = (facts + lines).map(\.name.count).max() ?? 0
        for item in facts { try Self.print(item, width, to: output) }
        if !lines.isEmpty { try output.line() }
        for item in lines { try Self.print(item, width, to: output) }
        for problem in problems { try output.line("WRONG: \(problem.printable)") }
        for unknown in unknown { try output.line("not checked: \(unknown.printable)") }
        let wrong = lines.count { !$0.problems.isEmpty }
        let count = lines.isEmpty ? "" : "; \(lines.count - wrong) of \(lines.count) lines hold"
        try output.line(isSound ? "everything that was checked holds\(count)" : "NOT RIGHT\(count)")
    }

    private static func print(_ item: Item, _ width: Int, to output: CommandOutput) throws {
        try output.line("\(TextTable.padded(item.name, to: width))  \(item.value.printable)")
        for problem in item.problems {
            try output.line("\(TextTable.padded("", to: width))  WRONG: \(problem.printable)")
        }
    }

    /// Ends the command as what was found demands.
    ///
    /// - Throws: `CommandFailure` when something is wrong, or could not be looked at.
    func conclude() throws {
        guard isSound else { throw CommandFailure(.failure, "what was checked is not right") }
        guard unknown.isEmpty else { throw CommandFailure(.partial, "nothing is wrong, but not everything could be checked") }
    }
}
