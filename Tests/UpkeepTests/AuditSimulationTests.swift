import Foundation
import Overlay
import StorageModel
import TestSupport
import Testing
import Upkeep

/// Who is found, how soon, and who never is: the rules as a whole, over many seeds.
@Suite struct AuditSimulationTests {
    /// `AUDIT_FIGURES` makes as many runs as it says and prints what docs/audits.md shows.
    private static let figures = ProcessInfo.processInfo.environment["AUDIT_FIGURES"].flatMap { UInt64($0) }
    private static let seeds: Range<UInt64> = 0..<(figures ?? 8)
    /// Each of them has trouble of its own; enough for two hundred thousand audits.
    private static let days = 20

    /// Audits and days until a node that dropped a share of its bytes is disqualified, ascending by audits.
    private func runs(dropping share: Double, _ excuse: AuditSimulation.Excuse) -> [(
        audits: Int, days: Double, innocents: Int
    )] {
        Self.seeds.map { seed in
            var simulation = AuditSimulation(nodeCount: 10, seed: seed)
            simulation.nodes[0].dropped = share
            simulation.nodes[0].excuse = excuse
            while simulation.nodes[0].disqualifiedAt == nil, simulation.pass < 4000 { simulation.run() }
            let found = simulation.nodes[0].disqualifiedAt ?? (.max, .max)
            return (
                found.audits, Double(found.pass) / Double(AuditSimulation.passesPerDay),
                simulation.nodes.dropFirst().count { $0.disqualifiedAt != nil }
            )
        }.sorted { $0.audits < $1.audits }
    }

    @Test(arguments: AuditSimulation.Excuse.allCases, [0.05, 0.2])
    func
        `a node that dropped 5 or 20 percent is found after about as many audits as the formula says`(
            excuse: AuditSimulation.Excuse, share: Double
        ) throws
    {
        let runs = runs(dropping: share, excuse)
        let median = runs[runs.count / 2]
        let expected = try #require(AuditSimulation.expectedAudits(dropped: share))
        report(
            """
            \(excuse.rawValue) \(share): formula \(Int(expected)), median \(median.audits) audits, \(median.days) days, \
            95 % \(runs[runs.count * 95 / 100].audits)
            """
        )
        #expect(runs.allSatisfy { $0.audits < .max })
        // Every try of one that errs is an outcome of its own; that does not save the node.
        #expect(Double(median.audits) > expected * 0.5)
        #expect(Double(median.audits) < expected * (excuse == .errs ? 3 : 1.6))
        #expect(runs.allSatisfy { $0.innocents == 0 })
    }

    @Test func `an honest node with ordinary trouble is never disqualified`() {
        var audits = 0
        var failures = 0
        for seed in Self.seeds {
            var simulation = AuditSimulation(nodeCount: 10, seed: 1000 + seed)
            for _ in 0..<Self.days * AuditSimulation.passesPerDay { simulation.run() }
            #expect(simulation.nodes.allSatisfy { $0.disqualifiedAt == nil })
            audits += simulation.nodes.reduce(0) { $0 + $1.audits }
            failures += simulation.nodes.reduce(0) { $0 + $1.failures }
        }
        report("honest: \(audits) audits, \(failures) failures")
        #expect(failures == 0)
    }

    @Test func `a node that lost one percent in an accident keeps its place while repair makes up for it`() {
        for seed in Self.seeds {
            var simulation = AuditSimulation(nodeCount: 10, seed: 2000 + seed)
            simulation.nodes[0].dropped = 0.01
            for _ in 0..<Self.days * AuditSimulation.passesPerDay { simulation.run() }
            #expect(simulation.nodes[0].disqualifiedAt == nil)
            #expect(simulation.nodes[0].failures > 0)
        }
    }

    @Test func `bad lines do not cost an honest node its place`() {
        var trouble = AuditSimulation.Trouble()
        trouble.timeout = 0.1
        trouble.offline = 0.1
        for seed in Self.seeds.prefix(4) {
            var simulation = AuditSimulation(nodeCount: 10, seed: 3000 + seed, trouble: trouble)
            for _ in 0..<Self.days * AuditSimulation.passesPerDay { simulation.run() }
            #expect(simulation.nodes.allSatisfy { $0.disqualifiedAt == nil })
        }
    }

    private func report(_ text: String) {
        if Self.figures != nil { print(text) }
    }
}
