/// Values over time, as lines.
package struct LineChart: Sendable {
    /// What the chart shows, as a heading would say it.
    package let title: String
    /// What one sees in it, for those who do not.
    package let description: String
    package let labels: [String]
    package let series: [ChartSeries]
    package let unit: ChartUnit

    /// - Parameters:
    ///   - labels: one for each value: days, months.
    ///   - series: at most 6.
    package init(title: String, description: String = "", labels: [String], series: [ChartSeries], unit: ChartUnit) {
        self.title = title
        self.description = description
        self.labels = labels
        self.series = series
        self.unit = unit
    }

    /// The chart in a page.
    package var markup: Markup {
        var canvas = ChartCanvas(title: title, description: description)
        let scale = ChartScale(maximum: series.flatMap(\.values).filter(\.isFinite).max() ?? 0, isWhole: unit.isWhole)
        let plot = canvas.plot
        let step = plot.width / Double(max(1, labels.count - 1))
        func x(_ index: Int) -> Double { labels.count == 1 ? plot.x + plot.width / 2 : plot.x + Double(index) * step }
        func y(_ value: Double) -> Double { plot.y + plot.height * (1 - max(0, value) / scale.top) }
        canvas.addScale(scale, unit)
        canvas.addLabels(labels, at: x)
        for (number, row) in series.enumerated() {
            for run in Self.runs(Array(row.values.prefix(labels.count))) {
                let points = run.map { "\(n(x($0))) \(n(y(row.values[$0])))" }.joined(separator: "L")
                let colour = ChartCanvas.colour(number)
                if series.count == 1, let first = run.first, let last = run.last, run.count > 1 {
                    let base = n(plot.y + plot.height)
                    canvas.add("<path class=\"area \(colour)\" d=\"M\(n(x(first))) \(base)L\(points)L\(n(x(last))) \(base)Z\"/>")
                }
                if run.count == 1, let only = run.first {
                    canvas.add("<circle class=\"\(colour)\" cx=\"\(n(x(only)))\" cy=\"\(n(y(row.values[only])))\" r=\"3\"/>")
                }
                canvas.add("<path class=\"line \(colour)\" d=\"M\(points)\"/>")
            }
        }
        for index in labels.indices {
            canvas.add(
                """
                <rect x="\(n(x(index) - step / 2))" y="\(n(plot.y))" width="\(n(min(step, plot.width)))" \
                height="\(n(plot.height))" fill="transparent"><title>\(HTML.escaped(tooltip(index)))</title></rect>
                """)
        }
        return canvas.markup(
            legend: series.map(\.name), header: [""] + series.map(\.name),
            rows: labels.indices.map { index in [labels[index]] + series.map { text($0, index) } })
    }

    private func tooltip(_ index: Int) -> String {
        ([labels[index]] + series.map { "\($0.name): \(text($0, index))" }).joined(separator: "\n")
    }

    private func text(_ series: ChartSeries, _ index: Int) -> String {
        index < series.values.count ? unit.text(series.values[index]) : "–"
    }

    /// Indices of values without a gap between them.
    private static func runs(_ values: [Double]) -> [[Int]] {
        values.indices.split { !values[$0].isFinite }.map(Array.init)
    }
}
