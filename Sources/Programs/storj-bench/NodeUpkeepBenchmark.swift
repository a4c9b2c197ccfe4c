import Foundation

extension Benchmark {
    /// A node with a million pieces: how fast it starts, how fast it collects garbage, and what memory that takes.
    static var nodeUpkeep: [Benchmark] {
        [
            million("node start 1 M pieces", limit: "2 s at most", .startClosed),
            million("node start 1 M after kill", limit: "10 s at most", .startKilled),
            million("node start 1 M no index", limit: "-", .startUnindexed),
            million("node garbage 1 M pieces", limit: "5 s at most", .garbage),
            memory("node start 1 M memory", limit: "128 bytes a piece", .startClosed),
            memory("node killed 1 M memory", limit: "128 bytes a piece", .startKilled),
            memory("node garbage 1 M memory", limit: "16, whatever the count", .garbage),
        ]
    }

    private static func million(_ name: String, limit: String, _ operation: MillionPieces.Operation) -> Benchmark {
        Benchmark(name: name, unit: "s", ceiling: limit) { scale in
            let cost = try await MillionPieces.shared.measure(operation, count: scale == .real ? 1_000_000 : 2_000)
            return Result(figure: cost.seconds, digest: digest(Array("\(cost.count)".utf8)))
        }
    }

    private static func memory(_ name: String, limit: String, _ operation: MillionPieces.Operation) -> Benchmark {
        Benchmark(name: name, unit: "MB", ceiling: limit) { scale in
            // A process that has held memory before, for something else, needs no more of it: the figure would be zero.
            let cost = try await scale == .real
                ? MillionPieces.shared.measureApart(operation, count: 1_000_000)
                : MillionPieces.shared.measure(operation, count: 2_000)
            return Result(figure: Double(cost.peakBytes) / 1e6, digest: digest(Array("\(cost.count)".utf8)))
        }
    }
}
