/// Values over time, as bars; several series stand on each other.
package struct BarChart: Sendable {
    package let title: String
    package let description: String
    package let labels: [String]
    package let series: [ChartSeries]
    package let unit: ChartUnit

    /// - Parameters:
    ///   - labels: one for each bar.
    ///   - series: at most 6, stacked in this order from below; negative values count as 0.
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
        let totals = labels.indices.map { index in series.reduce(0) { $0 + value($1, index) } }
        let scale = ChartScale(maximum: totals.max() ?? 0, isWhole: unit.isWhole)
        let plot = canvas.plot
        let step = plot.width / Double(max(1, labels.count))
        let width = min(36, max(1, step * 0.72))
        func middle(_ index: Int) -> Double { plot.x + (Double(index) + 0.5) * step }
        canvas.addScale(scale, unit)
        canvas.addLabels(labels, at: middle)
        for index in labels.indices {
            var y = plot.y + plot.height
            canvas.add("<g><title>\(HTML.escaped(tooltip(index, totals[index])))</title>")
            for (number, row) in series.enumerated() {
                let height = plot.height * value(row, index) / scale.top
                guard height > 0 else { continue }
                y -= height
                canvas.add(
                    """
                    <rect class="\(ChartCanvas.colour(number))" x="\(n(middle(index) - width / 2))" y="\(n(y))" \
                    width="\(n(width))" height="\(n(max(0.5, height)))" rx="1.5"/>
                    """)
            }
            canvas.add("</g>")
        }
        return canvas.markup(
            legend: series.map(\.name), header: [""] + series.map(\.name),
            rows: labels.indices.map { index in [labels[index]] + series.map { unit.text(value($0, index)) } })
    }

    private func value(_ series: ChartSeries, _ index: Int) -> Double {
        guard index < series.values.count, series.values[index].isFinite else { return 0 }
        return max(0, series.values[index])
    }

    private func tooltip(_ index: Int, _ total: Double) -> String {
        let sum = series.count > 1 ? ["Total: \(unit.text(total))"] : []
        return ([labels[index]] + series.map { "\($0.name): \(unit.text(value($0, index)))" } + sum)
            .joined(separator: "\n")
    }
}
