/// How often values fall where, and where one's own is: the prices of a market.
package struct Histogram: Sendable {
    /// A range of values and how many fall into it.
    package struct Bin: Sendable {
        package let range: Range<Double>
        package let count: Int

        package init(_ range: Range<Double>, _ count: Int) {
            self.range = range
            self.count = count
        }
    }

    package let title: String
    package let description: String
    /// Side by side, from low to high.
    package let bins: [Bin]
    /// What the values count.
    package let unit: ChartUnit
    /// One value among them, with its name.
    package let marker: (name: String, value: Double)?

    package init(
        title: String, description: String = "", bins: [Bin], unit: ChartUnit, marker: (name: String, value: Double)? = nil
    ) {
        self.title = title
        self.description = description
        self.bins = bins
        self.unit = unit
        self.marker = marker
    }

    /// Counts values into so many equally wide bins; around one value alone there is room on both sides.
    package static func bins(_ values: [Double], count: Int = 20) -> [Bin] {
        let values = values.filter(\.isFinite)
        guard let least = values.min(), let most = values.max(), count > 0 else { return [] }
        let span = most > least ? most - least : max(abs(least), 1)
        let (low, width) = (most > least ? least : least - span / 2, span / Double(count))
        var counts = Array(repeating: 0, count: count)
        for value in values { counts[min(count - 1, Int((value - low) / width))] += 1 }
        return counts.enumerated().map { Bin(low + Double($0) * width..<low + Double($0 + 1) * width, $1) }
    }

    /// The chart in a page.
    package var markup: Markup {
        var canvas = ChartCanvas(title: title, description: description, height: 190)
        let scale = ChartScale(maximum: Double(bins.map(\.count).max() ?? 0), isWhole: true)
        let plot = canvas.plot
        let low = min(bins.first?.range.lowerBound ?? 0, marker?.value ?? .infinity)
        let high = max(bins.last?.range.upperBound ?? 1, marker?.value ?? -.infinity)
        let span = high > low ? high - low : 1
        func x(_ value: Double) -> Double { plot.x + plot.width * (value - low) / span }
        canvas.addScale(scale, .count)
        for bin in bins {
            let height = plot.height * Double(bin.count) / scale.top
            let isBelow = marker.map { bin.range.upperBound <= $0.value } ?? false
            canvas.add(
                """
                <rect class="\(isBelow ? "quiet-bar" : "k1")" x="\(n(x(bin.range.lowerBound) + 0.5))" \
                y="\(n(plot.y + plot.height - height))" \
                width="\(n(max(1, x(bin.range.upperBound) - x(bin.range.lowerBound) - 1)))" height="\(n(height))">\
                <title>\(HTML.escaped("\(text(bin)): \(bin.count)"))</title></rect>
                """)
        }
        canvas.addLabels([unit.text(low), unit.text((low + high) / 2), unit.text(high)]) {
            plot.x + plot.width * (0.06 + 0.44 * Double($0))
        }
        if let marker {
            let at = x(marker.value)
            let isRight = at > plot.x + plot.width / 2
            canvas.add(
                """
                <line class="marker" x1="\(n(at))" x2="\(n(at))" y1="\(n(plot.y))" y2="\(n(plot.y + plot.height))"/>\
                <text class="marker-text" x="\(n(at + (isRight ? -6 : 6)))" y="\(n(plot.y + 10))" \
                text-anchor="\(isRight ? "end" : "start")">\
                \(HTML.escaped("\(marker.name): \(unit.text(marker.value))"))</text>
                """)
        }
        return canvas.markup(header: ["Range", "Number"], rows: bins.map { [text($0), "\($0.count)"] })
    }

    private func text(_ bin: Bin) -> String { "\(unit.text(bin.range.lowerBound)) to \(unit.text(bin.range.upperBound))" }
}
