/// A few amounts side by side, as lying bars with their names: what a disk is full of.
package struct RowBars: Sendable {
    package let title: String
    package let description: String
    /// Names with their amounts.
    package let rows: [(name: String, value: Double)]
    package let unit: ChartUnit

    package init(title: String, description: String = "", rows: [(name: String, value: Double)], unit: ChartUnit) {
        self.title = title
        self.description = description
        self.rows = rows
        self.unit = unit
    }

    /// The chart in a page.
    package var markup: Markup {
        let line = 26.0
        var canvas = ChartCanvas(title: title, description: description, height: Double(rows.count) * line + 4)
        let names = min(200, Double(rows.map(\.name.count).max() ?? 0) * 6.6 + 12)
        let room = ChartCanvas.width - names - 90
        let top = max(rows.map(\.value).filter(\.isFinite).max() ?? 0, .leastNonzeroMagnitude)
        for (index, row) in rows.enumerated() {
            let y = Double(index) * line + 4
            let width = row.value.isFinite ? max(1, room * max(0, row.value) / top) : 1
            canvas.add(
                """
                <text x="0" y="\(n(y + 14))">\(HTML.escaped(row.name))</text>\
                <rect class="\(ChartCanvas.colour(index))" x="\(n(names))" y="\(n(y + 2))" width="\(n(width))" \
                height="16" rx="3"/><text x="\(n(names + width + 8))" y="\(n(y + 14))">\
                \(HTML.escaped(unit.text(row.value)))</text>
                """)
        }
        return canvas.markup(header: ["", title], rows: rows.map { [$0.name, unit.text($0.value)] })
    }
}
