import Blake3
import StorageModel

/// One figure about one building block.
package struct Benchmark: Sendable {
    /// How much work to do.
    package enum Scale: Sendable {
        /// As little as runs every line of code: the figure means nothing.
        case tiny
        /// Enough for a figure.
        case real
    }

    /// What a run yields.
    package struct Result: Hashable, Sendable {
        /// The figure, in the benchmark's unit.
        package let figure: Double
        /// Of everything that was computed, the same in every run of a scale.
        package let digest: String
        /// What else is worth knowing, for instance the most memory.
        package let detail: String

        init(figure: Double, digest: String, detail: String = "") {
            self.figure = figure
            self.digest = digest
            self.detail = detail
        }
    }

    /// Words from the general to the particular, for instance `rs encode 29/80`.
    package let name: String
    /// The figure's unit.
    package let unit: String
    /// The best figure known on a machine of this class, with how it was reached.
    package let ceiling: String
    /// Does the work.
    package let run: @Sendable (Scale) async throws -> Result

    /// All benchmarks, in the order of the data path.
    package static var all: [Benchmark] {
        encryption + erasure + blake3 + identity + drpc + pieceStore + node + nodeUpkeep + transfer + upload + metabase
            + upkeep + repair + heartbeats + ledger + statements + scanner
    }

    /// A short digest of outputs.
    static func digest(_ outputs: [UInt8]...) -> String {
        var hasher = Blake3Hasher()
        for output in outputs { hasher.update(output) }
        return Hexadecimal.encode(hasher.finalize().bytes.prefix(6))
    }

    /// Bytes that are the same in every run, without a pattern that a cache or a table could like.
    static func input(_ count: Int) -> [UInt8] {
        var state: UInt64 = 0x5bd1_e995
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }
}
