/// Facts about one thing for people: names in a column, values behind.
package enum FactList {
    /// One line a fact; values are made safe to print.
    package static func lines(_ facts: [(name: String, value: String)]) -> [String] {
        let width = facts.map(\.name.count).max() ?? 0
        return facts.map { "\(TextTable.padded($0.name, to: width))  \($0.value.printable)" }
    }
}
