import Metabase
import StorageModel
import Synchronization
import Upkeep

extension Benchmark {
    /// Passes over all segments of a satellite, one range at a time: what one core does.
    static var upkeep: [Benchmark] {
        [
            Benchmark(name: "ranged loop", unit: "segments/s", ceiling: "100000 asked for") { scale in
                try await pass(scale) { _ in [SegmentCounter()] }
            },
            Benchmark(name: "ranged loop 29/80", unit: "segments/s", ceiling: "100000 asked for") { scale in
                try await pass(scale, scheme: .release, nodes: 110, segments: 125_000) { _ in [SegmentCounter()] }
            },
            Benchmark(name: "garbage filters", unit: "pieces/s", ceiling: "333334 asked for", run: garbageFilters),
        ]
    }

    private static func pass(
        _ scale: Scale, scheme: RedundancyScheme = .development, nodes: Int = 20, segments: Int = 1_000_000,
        _ observers: (SegmentWorkload) -> [any SegmentObserver]
    ) async throws -> Result {
        let count = scale == .real ? segments : 100
        return try await SegmentWorkload.run(segments: count, scheme: scheme, nodes: nodes) { workload in
            let loop = workload.loop
            let observers = observers(workload)
            PeakMemory.reset()
            let before = PeakMemory.currentMegabytes
            let (cpu, wall) = (Stopwatch.processCPU.read(), Stopwatch.wall.read())
            let report = try await loop.run(observers)
            let (cpuTaken, wallTaken) = (Stopwatch.processCPU.read() - cpu, Stopwatch.wall.read() - wall)
            precondition(report.failures.isEmpty && report.segmentCount == count, "what is measured is right")
            return Result(
                figure: Double(count) / cpuTaken, digest: digest(Array("\(report.segmentCount)".utf8)),
                detail: detail(cpuTaken, wallTaken, before: before))
        }
    }

    /// Filters for ten million pieces on 110 nodes, from one snapshot.
    private static func garbageFilters(_ scale: Scale) async throws -> Result {
        let count = scale == .real ? 125_000 : 100
        return try await SegmentWorkload.run(segments: count, scheme: .release, nodes: 110) { workload in
            let pieceCount = count * workload.scheme.optimalShares
            let filters = PieceFilters(
                expectedCounts: Dictionary(
                    workload.nodes.map { ($0, pieceCount / workload.nodes.count) }, uniquingKeysWith: max),
                settings: GarbageSettings(), random: .system)
            let loop = workload.loop
            PeakMemory.reset()
            let before = PeakMemory.currentMegabytes
            let (cpu, wall) = (Stopwatch.processCPU.read(), Stopwatch.wall.read())
            _ = try await loop.run([filters], isSnapshot: true)
            let (cpuTaken, wallTaken) = (Stopwatch.processCPU.read() - cpu, Stopwatch.wall.read() - wall)
            let found = filters.take()
            precondition(found?.pieceCount == pieceCount, "what is measured is right")
            let bytes = found?.filters.values.reduce(0) { $0 + $1.count } ?? 0
            return Result(
                figure: Double(pieceCount) / cpuTaken, digest: digest(Array("\(pieceCount) \(bytes)".utf8)),
                detail: detail(cpuTaken, wallTaken, before: before) + ", filters \(bytes / 1_000_000) MB")
        }
    }

    private static func detail(_ cpu: Double, _ wall: Double, before: Int) -> String {
        func rounded(_ seconds: Double) -> Double { (seconds * 100).rounded() / 100 }
        return "\(rounded(cpu)) s of CPU, \(rounded(wall)) s, peak \(PeakMemory.megabytes) MB (\(before) before)"
    }
}

/// Does nothing but look at every piece.
private final class SegmentCounter: SegmentObserver {
    private final class Fork: SegmentFork {
        var pieceCount = 0

        func process(_ segments: [ScannedSegment]) throws {
            for segment in segments { pieceCount += segment.pieces?.entries.count ?? 0 }
        }
    }

    let name = "counter"
    private let pieceCount = Mutex(0)

    func begin(_ pass: RangedLoopPass) async throws {}
    func fork(_ nodes: NodeTable) throws -> any SegmentFork { Fork() }

    func join(_ fork: any SegmentFork) throws {
        guard let fork = fork as? Fork else { return }
        pieceCount.withLock { $0 += fork.pieceCount }
    }

    func finish(_ pass: RangedLoopPass) async throws {
        precondition(pieceCount.withLock { $0 } > 0, "what is measured is right")
    }
}
