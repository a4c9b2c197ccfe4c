package import StorageModel

/// Days as small squares, a week in a column: whether each heartbeat was answered.
package struct CalendarChart: Sendable {
    /// How a day went.
    package enum State: String, Sendable, CaseIterable { case good, warning, bad, none }

    /// A day, and what is said of it.
    package struct Day: Sendable {
        /// Any moment of the day, UTC.
        package let day: Timestamp
        package let state: State
        package let text: String

        package init(_ day: Timestamp, _ state: State, _ text: String) {
            self.day = day
            self.state = state
            self.text = text
        }
    }

    package let title: String
    package let description: String
    /// In order, none twice; days between that are missing stay empty.
    package let days: [Day]
    /// What the states mean: good, warning, bad, none.
    package let names: [State: String]

    package init(title: String, description: String = "", days: [Day], names: [State: String]) {
        self.title = title
        self.description = description
        self.days = days
        self.names = names
    }

    private static let cell = 13.0

    /// The chart in a page.
    package var markup: Markup {
        guard let first = days.first else {
            return ChartCanvas(title: title, description: "Nothing yet.", height: 20).markup(header: [title], rows: [])
        }
        let start = Self.number(first.day) - CivilTime(first.day).weekday
        let weeks = days.last.map { (Self.number($0.day) - start) / 7 + 1 } ?? 1
        // Short histories are drawn no larger than long ones.
        let cell = min(22, max(Self.cell, (ChartCanvas.width - 34) / Double(max(weeks, 26))))
        var canvas = ChartCanvas(title: title, description: description, height: 7 * cell + 40)
        for (row, name) in [(0, "Mon"), (2, "Wed"), (4, "Fri")] {
            canvas.add("<text x=\"0\" y=\"\(n(18 + Double(row) * cell + cell * 0.75))\">\(name)</text>")
        }
        var month: Int64 = 0
        var labelled: Int64 = -10
        for day in days {
            let civil = CivilTime(day.day)
            let week = (Self.number(day.day) - start) / 7
            let x = 34 + Double(week) * cell
            if civil.month != month {
                if week - labelled > 2 {
                    canvas.add("<text x=\"\(n(x))\" y=\"12\">\(civil.monthName.prefix(3))</text>")
                    labelled = week
                }
                month = civil.month
            }
            canvas.add(
                """
                <rect class="day-\(day.state.rawValue)" x="\(n(x))" y="\(n(18 + Double(civil.weekday) * cell))" \
                width="\(n(cell - 2.5))" height="\(n(cell - 2.5))" rx="2.5">\
                <title>\(HTML.escaped("\(civil.day): \(day.text)"))</title></rect>
                """)
        }
        addKey(&canvas, y: 7 * cell + 26)
        return canvas.markup(header: ["Day", title], rows: days.reversed().map { [CivilTime($0.day).day, $0.text] })
    }

    private func addKey(_ canvas: inout ChartCanvas, y: Double) {
        var x = 34.0
        for state in State.allCases {
            guard let name = names[state] else { continue }
            canvas.add(
                """
                <rect class="day-\(state.rawValue)" x="\(n(x))" y="\(n(y))" width="10" height="10" rx="2.5"/>\
                <text x="\(n(x + 15))" y="\(n(y + 9.5))">\(HTML.escaped(name))</text>
                """)
            x += 15 + Double(name.count) * 6.2 + 16
        }
    }

    private static func number(_ day: Timestamp) -> Int64 {
        day.seconds >= 0 ? day.seconds / 86_400 : (day.seconds - 86_399) / 86_400
    }
}
