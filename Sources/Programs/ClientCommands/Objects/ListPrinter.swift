/// Prints a listing as it comes in. A short one for people is sorted by name first; the satellite's order is that of
/// encrypted names.
package struct ListPrinter {
    /// Longer listings are printed unsorted, because they would have to be held in memory.
    private static let maximumSortedCount = 10_000

    private let output: CommandOutput
    private let isJSON: Bool
    private let format: ListFormat
    private let limit: Int?
    /// Rows held back for sorting; nil once there are too many.
    private var held: [ListRow]? = []
    private var count = 0
    private var lastKind: ListRow.Kind?

    /// A printer.
    ///
    /// - Parameter limit: after how many rows it is full; nil for never.
    package init(_ output: CommandOutput, isJSON: Bool, format: ListFormat, limit: Int?) {
        self.output = output
        self.isJSON = isJSON
        self.format = format
        self.limit = limit
    }

    /// Whether no more rows are wanted.
    package var isFull: Bool { limit.map { count >= $0 } ?? false }

    /// Takes the next row.
    package mutating func add(_ row: ListRow) throws {
        guard !isFull else { return }
        count += 1
        guard !isJSON else { return try output.json(row) }
        held?.append(row)
        guard let rows = held else { return try printLine(row) }
        if rows.count >= Self.maximumSortedCount {
            held = nil
            try rows.forEach { try printLine($0) }
        }
    }

    /// Prints what was held back.
    package mutating func finish() throws {
        // Stable for versions of one key, which come newest first.
        let rows = (held ?? []).enumerated().sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }
        for row in rows { try printLine(row.element) }
        held = []
    }

    private mutating func printLine(_ row: ListRow) throws {
        if lastKind == nil { try output.line(format.header(row.kind)) }
        lastKind = row.kind
        try output.line(format.line(row))
    }
}
