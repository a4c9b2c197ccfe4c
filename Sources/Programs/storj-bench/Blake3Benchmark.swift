import Blake3
import StorageModel

extension Benchmark {
    /// Hashing in updates of several sizes, as a node receives a piece.
    static var blake3: [Benchmark] {
        [(size: 16 * 1024, "16 KiB"), (64 * 1024, "64 KiB"), (2 << 20, "2 MiB")].map { size, text in
            Benchmark(
                name: "blake3 \(text)", unit: "GB/s of a core", ceiling: "4.6 own AVX-512, 6.5 Rust"
            ) { scale in
                let input = input(scale == .real ? size : 3000)
                let repetitions = scale == .real ? (64 << 20) / size : 1
                var output: [UInt8] = []
                let seconds = Stopwatch.threadCPU.best(of: scale == .real ? 5 : 1) {
                    for _ in 0..<repetitions {
                        var hasher = Blake3Hasher(collectingGroups: true)
                        hasher.update(input)
                        output = hasher.finalize().bytes + hasher.groupValues()
                    }
                }
                return Result(
                    figure: Double(input.count * repetitions) / seconds / 1e9, digest: digest(output))
            }
        }
    }
}
