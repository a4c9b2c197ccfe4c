/// A small table for people: columns as wide as their widest cell, two spaces between.
package struct TextTable: Sendable {
    /// Where a column's text stands.
    package enum Alignment: Sendable {
        /// Texts.
        case left
        /// Numbers.
        case right
    }

    /// A column.
    package struct Column: Sendable {
        let title: String
        let alignment: Alignment

        /// A column under a title.
        package init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    /// A table without rows.
    package init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row with one cell a column; cells are made safe to print.
    package mutating func add(_ cells: [String]) {
        precondition(cells.count == columns.count, "one cell a column")
        rows.append(cells.map(\.printable))
    }

    /// Whether there is nothing to show.
    package var isEmpty: Bool { rows.isEmpty }

    /// The table's lines, the titles first, without spaces at their ends.
    package var lines: [String] {
        let all = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = row.indices.map { Self.padded(row[$0], to: widths[$0], columns[$0].alignment) }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// `text` filled with spaces to `width` characters; longer texts stay as they are.
    package static func padded(_ text: String, to width: Int, _ alignment: Alignment = .left) -> String {
        let spaces = String(repeating: " ", count: max(0, width - text.count))
        return alignment == .left ? text + spaces : spaces + text
    }
}
