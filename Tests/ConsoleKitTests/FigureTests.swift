import ConsoleKit
import StorageModel
import Testing

@Suite struct FigureTests {
    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1_230_000, "1.23 MB"), (999_499, "999 kB"), (999_500, "1 MB"),
        (12_345_000_000, "12.3 GB"), (1_000_000_000_000, "1 TB"), (Int64.max, "9.22 EB"), (-5_000, "-5 kB"),
        (Int64.min, "-9.22 EB"),
    ] as [(Int64, String)])
    func `bytes are read in decimal units`(count: Int64, text: String) {
        #expect(Figure.bytes(count).text == text)
    }

    @Test(arguments: [
        (0, "$0.00"), (12_340_000, "$12.34"), (5_000, "$0.005000"), (1_234_567_890_000, "$1,234,567.89"),
        (-2_500_000, "-$2.50"), (999_995_000, "$1,000.00"),
    ] as [(Int64, String)])
    func `money keeps its cents, and small sums their digits`(amount: Int64, text: String) {
        #expect(Figure.money(microdollars: amount).text == text)
    }

    @Test func `tokens show two digits and keep the rest in the tooltip`() {
        #expect(Figure.token(baseUnits: 1_234_567_890).text == "12.35 STORJ")
        #expect(Figure.token(baseUnits: 1_234_567_890).exact == "12.3456789 STORJ")
        #expect(Figure.token(baseUnits: 1).text == "0.00000001 STORJ")
    }

    @Test(arguments: [
        (1, "100 %"), (0, "0 %"), (0.99999, "99.999 %"), (0.9999999, "99.999 %"), (0.0000001, "0.001 %"), (0.5, "50 %"),
        (0.1234, "12.4 %"), (.nan, "–"),
    ] as [(Double, String)])
    func `what is not whole is not called whole`(share: Double, text: String) {
        #expect(Figure.percent(share).text == text)
    }

    @Test(arguments: [
        (0, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (3600, "1 h"), (90_000, "1 d 1 h"), (864_000 + 3600, "10 d"),
    ] as [(Int64, String)])
    func `a duration has its two largest units`(seconds: Int64, text: String) {
        #expect(Figure.duration(.seconds(seconds)).text == text)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"), (1_795_425_362, "2026-11-23T09:16:02Z"),
    ] as [(Int64, String)])
    func `moments are told in UTC`(seconds: Int64, text: String) throws {
        let moment = try #require(Timestamp(seconds: seconds, nanoseconds: 0))
        #expect(CivilTime(moment).rfc3339 == text)
        #expect(Figure.time(moment).html.contains("datetime=\"\(text)\""))
    }

    @Test func `an explanation is a button whose text is escaped`() {
        let figure = Figure.bytes(1500, how: "Pieces < 1 kB & more")
        #expect(figure.html.hasPrefix("<button type=\"button\""))
        #expect(figure.html.contains("1,500 bytes"))
        #expect(figure.html.contains("Pieces &lt; 1 kB &amp; more"))
    }

    @Test func `charts draw what they are given, whatever it is`() {
        let odd = [0, -1, .nan, .infinity, 1e300, 5]
        let labels = odd.indices.map { "<\($0)>" }
        let charts = [
            LineChart(title: "a\"b", labels: labels, series: [ChartSeries("<s>", odd)], unit: .bytes).markup,
            BarChart(title: "a", labels: labels, series: [ChartSeries("s", odd), ChartSeries("t", [])], unit: .count).markup,
            LineChart(title: "a", labels: [], series: [], unit: .percent).markup,
            BarChart(title: "a", labels: [], series: [], unit: .percent).markup,
            RowBars(title: "a", rows: [("<x>", .nan), ("y", 3)], unit: .microdollars).markup,
            Histogram(title: "a", bins: Histogram.bins([1, 1, 1]), unit: .count, marker: ("you", 9)).markup,
            Histogram(title: "a", bins: [], unit: .count).markup,
            CalendarChart(title: "a", days: [], names: [:]).markup,
            CalendarChart(
                title: "a", days: [.init(Timestamp(microseconds: 0), .good, "<fine>")], names: [.good: "answered"]
            ).markup,
        ]
        for chart in charts {
            #expect(chart.html.hasPrefix("<figure class=\"chart\"><svg "))
            #expect(!chart.html.contains("nan") && !chart.html.contains("inf\""))
            #expect(!chart.html.contains("<s>") && !chart.html.contains("<x>") && !chart.html.contains("<fine>"))
        }
    }

    @Test func `axes of what is counted have whole steps`() {
        let few = BarChart(title: "a", labels: ["b"], series: [ChartSeries("s", [2])], unit: .count).markup.html
        #expect(few.contains(">2</text>") && !few.contains(">0.5<") && !few.contains(">1.5<"))
        let more = BarChart(title: "a", labels: ["b"], series: [ChartSeries("s", [10])], unit: .count).markup.html
        #expect(more.contains(">10</text>") && !more.contains(">2.5") && !more.contains(">7.5"))
    }

    @Test func `a value alone stands in the middle of its histogram`() throws {
        let bins = Histogram.bins([1.5, 1.5, 1.5], count: 5)
        #expect(bins.map(\.count) == [0, 0, 3, 0, 0])
        #expect(try #require(bins.first).range.lowerBound == 0.75)
    }

    @Test func `days in charts have no year, days in files have it first`() {
        #expect(CivilTime(second: 1_795_305_600).shortDay == "22 Nov")
        #expect(CivilTime(second: 1_795_305_600 + 33_360).shortHour == "22 Nov 09:16")
        #expect(CivilTime(second: -1).isoDay == "1969-12-31")
        #expect(CivilTime(second: .max).year == 9999)
    }
}
