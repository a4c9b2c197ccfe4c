import AdminAPI
import Testing

@Suite struct PrometheusTextTests {
    @Test func `a strict parser reads back what was written`() throws {
        var text = PrometheusText()
        text.add("storj_a", .gauge, "All of them.", 3)
        text.add("storj_b_total", .counter, "By kind.", [.init(1, ["kind": "x"]), .init(2.5, ["kind": "y", "z": ""])])
        let families = try ExpositionParser(text.text).families
        #expect(families["storj_a"]?.samples == [[:]: 3])
        #expect(families["storj_a"]?.kind == "gauge")
        #expect(families["storj_a"]?.help == "All of them.")
        #expect(families["storj_b_total"]?.samples == [["kind": "x"]: 1, ["kind": "y", "z": ""]: 2.5])
    }

    @Test func `quotes, backslashes and line ends in labels and help are escaped`() throws {
        let nasty = "a\"b\\c\nd{e}=,f\\n"
        var text = PrometheusText()
        text.add("storj_a", .gauge, "first\nsecond \\ \"third\"", [.init(1, ["kind": nasty])])
        let family = try #require(try ExpositionParser(text.text).families["storj_a"])
        #expect(family.samples == [["kind": nasty]: 1])
        #expect(family.help == "first\nsecond \\ \"third\"")
        #expect(text.text.split(separator: "\n").count == 3)
    }

    @Test func `numbers without bound are written as the format names them`() throws {
        var text = PrometheusText()
        text.add(
            "storj_a", .gauge, "Odd.",
            [
                .init(.infinity, ["v": "1"]), .init(-.infinity, ["v": "2"]), .init(.nan, ["v": "3"]),
                .init(1e-9, ["v": "4"]), .init(9e15, ["v": "5"]), .init(-0.0, ["v": "6"]),
            ])
        let samples = try #require(try ExpositionParser(text.text).families["storj_a"]?.samples)
        #expect(samples[["v": "1"]] == .infinity)
        #expect(samples[["v": "2"]] == -.infinity)
        #expect(samples[["v": "3"]]?.isNaN == true)
        #expect(samples[["v": "4"]] == 1e-9)
        #expect(samples[["v": "5"]] == 9e15)
        #expect(text.text.contains("} 9000000000000000\n"))
    }

    @Test func `a family without figures is left out`() {
        var text = PrometheusText()
        text.add("storj_a", .gauge, "None.", [])
        text.add("storj_b", .gauge, "None.", nil)
        #expect(text.text.isEmpty)
    }

    @Test(arguments: [
        "storj_a 1\n", "# TYPE storj_a gauge\nstorj_a 1\n", "# HELP storj_a x\n# TYPE storj_a gauge\nstorj_a{a=\"\"\"} 1\n",
        "# HELP storj_a x\n# TYPE storj_a gauge\nstorj_a 1\nstorj_a 2\n", "# HELP storj_a x\n# TYPE storj_a gauge\nstorj_a 1",
        "# HELP storj_a x\n# TYPE storj_a gauge\nstorj_a one\n", "# HELP storj_a x\n# TYPE storj_a rate\nstorj_a 1\n",
    ])
    func `the parser of these tests refuses what is out of form`(_ text: String) {
        #expect(throws: ExpositionParser.Mistake.self) { try ExpositionParser(text) }
    }
}
