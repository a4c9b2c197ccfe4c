import Heartbeats
import Identity
import StorageModel
import TestSupport
import Testing

/// What `storj verify heartbeat` does with files.
@Suite struct HeartbeatCheckTests {
    private func check(
        _ period: ReportedPeriod, report: [UInt8]? = nil, evidence changed: [NodeID: [UInt8]?] = [:],
        satellite: NodeID? = nil, nodes: Set<NodeID>? = nil
    ) async throws -> HeartbeatCheck {
        try await HeartbeatCheck.check(
            report ?? period.report.encoded, satellite: satellite ?? period.satellite.id, nodes: nodes
        ) { node in
            if let bytes = changed[node] { return bytes }
            return period.evidence[node]?.encoded
        }
    }

    @Test func `a genuine report with its evidence holds, failed nodes included`() async throws {
        let period = try await ReportedPeriod(losing: [1])
        let found = try await check(period)
        #expect(found.isSound)
        #expect(found.lines.count == 3)
        #expect(found.lines.allSatisfy { $0.finding?.trust.count == 12 })
        let one = try await check(period, nodes: [period.nodes[2].id])
        #expect(one.isSound && one.lines.map(\.result.node) == [period.nodes[2].id])
    }

    @Test(arguments: [0x01, 0x80] as [UInt8])
    func `a report altered in one byte anywhere fails`(flip: UInt8) async throws {
        let period = try await ReportedPeriod(nodeCount: 2, samples: 2)
        let encoded = period.report.encoded
        for index in encoded.indices {
            var bytes = encoded
            bytes[index] ^= flip
            // No report at all is a failure too.
            guard let found = try? await check(period, report: bytes) else { continue }
            #expect(!found.isSound, "byte \(index)")
        }
    }

    @Test func `evidence altered in one byte anywhere fails`() async throws {
        let period = try await ReportedPeriod(nodeCount: 1, samples: 2)
        let node = period.nodes[0].id
        let encoded = try #require(period.evidence[node]).encoded
        for index in encoded.indices {
            var bytes = encoded
            bytes[index] ^= 0x20
            let found = try await check(period, evidence: [node: bytes])
            #expect(!found.isSound && !found.lines[0].isUnchecked, "byte \(index)")
        }
    }

    @Test func `missing evidence is told apart from wrong evidence`() async throws {
        let period = try await ReportedPeriod()
        let node = period.nodes[0].id
        let missing = try await check(period, evidence: [node: nil])
        #expect(!missing.isSound && missing.lines[0].isUnchecked && missing.objections.isEmpty)
        let swapped = try await check(
            period, evidence: [node: try #require(period.evidence[period.nodes[1].id]).encoded])
        #expect(swapped.lines[0].finding?.objections.contains(.otherEvidence(node)) == true)
        let cut = try await check(period, evidence: [node: [1, 2, 3]])
        #expect(cut.lines[0].damage != nil)
    }

    @Test func `a genuine report of another satellite is not the one that was asked for`() async throws {
        let period = try await ReportedPeriod()
        let found = try await check(period, satellite: period.nodes[0].id)
        #expect(found.objections == [.otherSatellite(period.satellite.id)])
        #expect(!found.isSound)
    }
}
