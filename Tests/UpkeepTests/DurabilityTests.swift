import Database
import Foundation
import Identity
import Metabase
import Overlay
import StorageModel
import Synchronization
import TestSupport
import Testing
import Upkeep

@Suite struct DurabilityTests {
    @Test(arguments: 0..<20)
    func `health counted by alias is what the classifier says, whatever the nodes are`(seed: Int) async throws {
        let place = try await Neighbourhood()
        var random = RandomSource.seeded(UInt64(seed))
        var ids: [NodeID] = []
        for index in 0..<12 { try await place.put("key\(index)", [place.segment(makeNodes(8, &random, &ids))]) }
        func chance() -> Bool { Int.random(in: 0..<5, using: &random) == 0 }
        let pairs = ids.dropFirst().map { id in
            let isGone = chance()
            return (
                id,
                NodeCondition(
                    isMissing: isGone || chance(), isGone: isGone, isSuspended: chance(), isExiting: chance(),
                    isContained: chance(), network: Int.random(in: 0..<10, using: &random),
                    country: chance() ? "DE" : "FR")
            )
        }
        var rule = PlacementRule()
        if chance() { rule.excludedCountries = ["DE"] }
        let classifier = PieceClassifier(
            conditions: Dictionary(pairs) { first, _ in first }, placements: [0: rule])
        let table = Mutex<NodeTable?>(nil)
        try await place.metabase.scan(batchSize: 100) { nodes in
            table.withLock { $0 = nodes }
        } _: { segments in
            guard let nodes = table.withLock({ $0 }) else { return false }
            var health = HealthTable(nodes, classifier)
            for segment in segments {
                guard let pieces = segment.pieces else { continue }
                let counts = try health.counts(pieces, placement: segment.placement)
                let states = classifier.classify(
                    pieces.entries.compactMap { entry in nodes[entry.alias].map { (entry.number, $0) } },
                    placement: segment.placement)
                #expect(counts.healthy == states.healthyCount)
                #expect(counts.retrievable == states.retrievableCount)
                #expect(counts.forcing == states.forcingCount)
            }
            return true
        }
    }

    private func makeNodes(_ count: Int, _ random: inout RandomSource, _ all: inout [NodeID]) -> [NodeID] {
        while all.count < 15 { all.append(NodeID.random(using: random)) }
        return Array(all.shuffled(using: &random).prefix(count))
    }

    @Test(arguments: [1, 3])
    func `segments are counted by how many of their nodes can be reached`(parallelism: Int) async throws {
        let place = try await Neighbourhood(parallelism: parallelism, overlay: { $0.distinctSubnet = false })
        let nodes = try await place.startNodes(8).map(\.id)
        // 4/6/8/10: more than 6 healthy is healthy, 6 waits for repair, 5 and 4 are at risk, 3 is lost.
        for count in 3...8 { try await place.put("key\(count)", [place.segment(Array(nodes.prefix(count)))]) }
        let inline = NewSegment(
            position: .zero, content: .inline([1, 2, 3]), plainSize: 3, encryptedSize: 3, encryptedKey: [],
            encryptedKeyNonce: [])
        try await place.put("inline", [inline])
        let observer = DurabilityObserver(overlay: place.overlay)
        #expect(observer.report == nil)
        #expect(try await place.loop.run([observer]).failures.isEmpty)
        let report = try #require(observer.report)
        #expect(report.segmentCount == 7)
        #expect(report.inlineCount == 1)
        let found = try #require(report.classes.first)
        #expect(report.classes.count == 1)
        #expect(found.name == "4/6/8/10")
        #expect(found.segments == 6)
        #expect(found.bytes == 600_000)
        #expect(Self.counts(found) == [2, 1, 2, 1])
        #expect(found.histogram == [0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0])
        #expect(found.missingPieces == 5 + 4 + 3 + 2 + 1)
        #expect(found.expectedLosses >= 1 && found.expectedLosses < 1.01)
        #expect(found.expectedSurvival < 0.84)
        // One node goes: all with it have a piece less.
        try await place.overlay.disqualify(nodes[0], reason: .auditFailure)
        _ = try await place.loop.run([observer])
        let later = try #require(observer.report?.classes.first)
        #expect(Self.counts(later) == [1, 1, 2, 2])
        #expect(later.histogram == [0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0])
        let coded = try JSONDecoder().decode(DurabilityReport.self, from: JSONEncoder().encode(report))
        #expect(coded == report)
        #expect(report.total.segments == 6)
        #expect(report.total.lost == 1)
    }

    private static func counts(_ found: DurabilityClass) -> [Int] {
        [found.healthy, found.retrievable, found.atRisk, found.lost]
    }

    @Test func `a pass that fails leaves the report of the one before`() async throws {
        let place = try await Neighbourhood()
        let nodes = try await place.startNodes(4).map(\.id)
        try await place.put("key", [place.segment(nodes)])
        let observer = DurabilityObserver(overlay: place.overlay)
        _ = try await place.loop.run([observer])
        let before = try #require(observer.report)
        try await place.put("other", [place.segment(nodes)])
        _ = try await place.database.write { session in try session.execute("UPDATE segments SET pieces = x'0209'") }
        await #expect(throws: (any Error).self) { try await place.loop.run([observer]) }
        #expect(observer.report == before)
    }

    @Test(arguments: [(4, 6, 8, 10), (29, 35, 80, 110), (1, 1, 1, 1), (16, 20, 30, 38)])
    func `fewer pieces never survive longer`(scheme: (k: Int, m: Int, o: Int, n: Int)) {
        let table = SurvivalTable(
            required: scheme.k, repair: scheme.m, optimal: scheme.o, total: scheme.n, DurabilitySettings())
        #expect(table.lossByPieces.count == scheme.n + 1)
        #expect(table.lossByPieces.prefix(scheme.k).allSatisfy { $0 == 1 })
        for (fewer, more) in zip(table.lossByPieces, table.lossByPieces.dropFirst()) { #expect(fewer >= more) }
        #expect(table.lossByPieces.allSatisfy { (0...1).contains($0) })
    }

    @Test func `the likelihood of a loss during a repair is what drawing lots says`() {
        // With a likelihood that can be counted: 6 pieces, 4 needed, every one goes with 0.3.
        var settings = DurabilitySettings()
        settings.repairDays = 1
        settings.failuresPerNodeAndDay = -log(0.7)
        settings.horizonDays = 0
        let table = SurvivalTable(required: 4, repair: 6, optimal: 8, total: 10, settings)
        var random = RandomSource.seeded(9)
        let rounds = 20_000
        let losses = (0..<rounds).count { _ in
            (0..<6).count { _ in Double.random(in: 0..<1, using: &random) >= 0.3 } < 4
        }
        #expect(abs(table.lossByPieces[6] - Double(losses) / Double(rounds)) < 0.02)
    }
}
