import ArgumentParser
import Foundation

/// `storj-bench micro`: every benchmark, or those whose names contain a word.
struct Micro: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the micro-benchmarks and prints one line for each.",
        discussion: """
            Every line has a figure, the ceiling known for a machine of this class, and a digest of what was computed,
            which must not change from run to run. GB are 10^9 bytes.
            """)

    @Argument(help: "Run only benchmarks whose name contains one of these words.")
    var names: [String] = []

    @Flag(help: "Use inputs so small that only the digests mean anything.")
    var tiny = false

    func run() async throws {
        print(Self.line("benchmark", "figure", "unit", "ceiling", "digest"))
        for benchmark in Benchmark.all where names.isEmpty || names.contains(where: benchmark.name.contains) {
            let result = try await benchmark.run(tiny ? .tiny : .real)
            let figure = String(format: "%.\(result.figure < 100 ? 2 : 0)f", result.figure)
            print(Self.line(benchmark.name, figure, benchmark.unit, benchmark.ceiling, result.digest, result.detail))
        }
    }

    private static func line(
        _ name: String, _ figure: String, _ unit: String, _ ceiling: String, _ digest: String, _ detail: String = ""
    ) -> String {
        let line = pad(name, 28) + pad(figure, 10) + pad(unit, 18) + pad(ceiling, 40) + digest
        return detail.isEmpty ? line : line + "  " + detail
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
