import Foundation

/// Something that is shown as facts to people and as an object to programs.
protocol Details: Encodable {
    /// Names and values for people.
    ///
    /// - Parameter show: how times are shown.
    func facts(show: (Date) -> String) -> [(name: String, value: String)]
}

extension CommandSession {
    /// Prints details in the form that was asked for.
    func print(_ details: some Details) throws {
        guard !isJSON else { return try output.json(details) }
        try FactList.lines(details.facts(show: show)).forEach(output.line)
    }
}
