import StorageModel

/// The drawing area of a chart and what all charts have: axes, legend, a table for those who do not see it.
struct ChartCanvas {
    static let width = 560.0
    static let left = 58.0
    static let right = 8.0
    static let top = 10.0
    static let bottom = 26.0

    let title: String
    let description: String
    let height: Double
    private var body = ""

    init(title: String, description: String, height: Double = 210) {
        self.title = title
        self.description = description
        self.height = height
    }

    /// The area that values are drawn in.
    var plot: (x: Double, y: Double, width: Double, height: Double) {
        (Self.left, Self.top, Self.width - Self.left - Self.right, height - Self.top - Self.bottom)
    }

    mutating func add(_ svg: String) { body += svg }

    /// Lines and texts of the vertical axis.
    mutating func addScale(_ scale: ChartScale, _ unit: ChartUnit) {
        for tick in scale.ticks {
            let y = plot.y + plot.height * (1 - tick / scale.top)
            let kind = tick == 0 ? "rule base" : "rule"
            add("<line class=\"\(kind)\" x1=\"\(n(plot.x))\" x2=\"\(n(plot.x + plot.width))\" y1=\"\(n(y))\" y2=\"\(n(y))\"/>")
            add("<text x=\"\(n(plot.x - 6))\" y=\"\(n(y + 4))\" text-anchor=\"end\">\(HTML.escaped(unit.text(tick)))</text>")
        }
    }

    /// As many of the labels below the axis as have room.
    mutating func addLabels(_ labels: [String], at x: (Int) -> Double) {
        guard !labels.isEmpty else { return }
        let longest = labels.map(\.count).max() ?? 1
        let room = max(1, Int(plot.width / (Double(longest) * 7 + 22)))
        let step = max(1, (labels.count + room - 1) / room)
        for (number, index) in stride(from: 0, to: labels.count, by: step).enumerated() {
            // A narrow chart leaves every other one out.
            let kind = number % 2 == 1 && room > 2 ? " class=\"spare\"" : ""
            let anchor = index == 0 && labels.count > 3 ? "start" : index > labels.count - 1 - step / 2 ? "end" : "middle"
            add(
                """
                <text\(kind) x="\(n(x(index)))" y="\(n(height - 8))" text-anchor="\(anchor)">\
                \(HTML.escaped(labels[index]))</text>
                """)
        }
    }

    /// The chart with its legend and table.
    ///
    /// - Parameters:
    ///   - legend: names with their colour's number, 1 to 6; one alone is not shown.
    ///   - header: of the table's columns.
    func markup(legend: [String] = [], header: [String], rows: [[String]]) -> Markup {
        let keys = legend.count < 2 ? "" : legend.enumerated().map { index, name in
            """
            <li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="\(Self.colour(index))" width="10" height="10" \
            rx="2"/></svg>\(HTML.escaped(name))</li>
            """
        }.joined()
        let list = keys.isEmpty ? "" : "<ul class=\"legend\">\(keys)</ul>"
        return Markup(
            trusted: """
                <figure class="chart"><svg viewBox="0 0 \(n(Self.width)) \(n(height))" role="img" \
                aria-label="\(HTML.escaped(title)). \(HTML.escaped(description))">\(body)</svg>\(list)\
                <details><summary>Show as a table</summary>\(table(header, rows))</details></figure>
                """)
    }

    private func table(_ header: [String], _ rows: [[String]]) -> String {
        let head = header.enumerated().map { "<th scope=\"col\"\($0 > 0 ? " class=\"number\"" : "")>\(HTML.escaped($1))</th>" }
        let body = rows.map { row in
            let cells = row.enumerated().map { index, cell in
                index == 0
                    ? "<th scope=\"row\">\(HTML.escaped(cell))</th>"
                    : "<td class=\"number\" data-label=\"\(HTML.escaped(index < header.count ? header[index] : ""))\">\(HTML.escaped(cell))</td>"
            }
            return "<tr>\(cells.joined())</tr>"
        }
        return """
            <div class="table-wrap"><table class="table"><caption class="visually-hidden">\(HTML.escaped(title))</caption>\
            <thead><tr>\(head.joined())</tr></thead><tbody>\(body.joined())</tbody></table></div>
            """
    }

    /// The class of the colour of a series.
    static func colour(_ index: Int) -> String { "k\(index % 6 + 1)" }
}

/// A coordinate with one digit after the point, enough for any screen.
func n(_ value: Double) -> String { Numerals.trimmed(Numerals.fixed(value, digits: 1)).replacing(",", with: "") }
