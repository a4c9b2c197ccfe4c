import Foundation
import StorageModel
import WireMessages

extension Benchmark {
    /// Pieces through a node's endpoint, with TLS, signatures, hashes and a real disk: CPU of node and client together.
    static var node: [Benchmark] {
        [
            uploads(size: 2 << 20, "2 MiB", unit: "GB/s of CPU", ceiling: "0.5 of all parts") { size, seconds in
                Double(size) / seconds / 1e9
            },
            uploads(size: 25 << 10, "25 KiB", unit: "pieces/s of CPU", ceiling: "3100 for signatures") { _, seconds in
                1 / seconds
            },
            Benchmark(name: "node download 2 MiB", unit: "GB/s of CPU", ceiling: "0.6 of all parts") { scale in
                try await BenchNode.run { node in
                    let content = input(scale == .real ? 2 << 20 : 70_000)
                    let count = scale == .real ? 128 : 2
                    try await node.upload(content, count: count)
                    let start = Stopwatch.processCPU.read()
                    let last = try await node.download(content.count, count: count)
                    let seconds = Stopwatch.processCPU.read() - start
                    return Result(figure: Double(content.count * count) / seconds / 1e9, digest: digest(last))
                }
            },
        ]
    }

    private static func uploads(
        size: Int, _ text: String, unit: String, ceiling: String, figure: @escaping @Sendable (Int, Double) -> Double
    ) -> Benchmark {
        Benchmark(name: "node upload \(text)", unit: unit, ceiling: ceiling) { scale in
            try await BenchNode.run { node in
                let content = input(scale == .real ? size : 3000)
                let count = scale == .real ? min(2000, (256 << 20) / size) : 2
                let start = Stopwatch.processCPU.read()
                let hash = try await node.upload(content, count: count)
                let seconds = Stopwatch.processCPU.read() - start
                return Result(figure: figure(content.count, seconds / Double(count)), digest: digest(hash))
            }
        }
    }
}
