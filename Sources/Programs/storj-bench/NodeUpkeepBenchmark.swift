import Foundation

extension Benchmark {
    /// A node with a million pieces: how fast it starts, how fast it collects garbage, and what memory that takes.
    static var nodeUpkeep: [Benchmark] {
        [
            million("node start 1 M pieces", limit: "2 s at most") { try await $0.start(after: .closed, count: $1) },
            million("node start 1 M after kill", limit: "10 s at most") { try await $0.start(after: .killed, count: $1) },
            million("node start 1 M no index", limit: "-") { try await $0.start(after: .unindexed, count: $1) },
            million("node garbage 1 M pieces", limit: "5 s at most") { try await $0.collectGarbage(count: $1) },
            memory("node start 1 M memory", limit: "128 bytes a piece") { try await $0.start(after: .closed, count: $1) },
            memory("node killed 1 M memory", limit: "128 bytes a piece") { try await $0.start(after: .killed, count: $1) },
            memory("node garbage 1 M memory", limit: "16, whatever the count") {
                try await $0.collectGarbage(count: $1)
            },
        ]
    }

    private typealias Work = @Sendable (MillionPieces, Int) async throws -> MillionPieces.Cost

    private static func million(_ name: String, limit: String, _ work: @escaping Work) -> Benchmark {
        Benchmark(name: name, unit: "s", ceiling: limit) { scale in
            let cost = try await work(.shared, scale == .real ? 1_000_000 : 2_000)
            return Result(figure: cost.seconds, digest: digest(Array("\(cost.count)".utf8)))
        }
    }

    private static func memory(_ name: String, limit: String, _ work: @escaping Work) -> Benchmark {
        Benchmark(name: name, unit: "MB", ceiling: limit) { scale in
            let cost = try await work(.shared, scale == .real ? 1_000_000 : 2_000)
            return Result(figure: Double(cost.peakBytes) / 1e6, digest: digest(Array("\(cost.count)".utf8)))
        }
    }
}
