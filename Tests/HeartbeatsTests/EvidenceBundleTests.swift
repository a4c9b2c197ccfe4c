import Heartbeats
import Identity
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct EvidenceBundleTests {
    @Test func `a stranger comes to the satellite's verdicts from the report and the evidence alone`() async throws {
        let period = try await ReportedPeriod(losing: [1])
        let report = try HeartbeatReport(encoded: period.report.encoded)
        #expect(report.objections(satellite: period.satellite.id).isEmpty)
        let satellite = try #require(report.satellite)
        for (index, line) in report.results.enumerated() {
            let encoded = try #require(period.evidence[line.node]).encoded
            let finding = try EvidenceBundle(encoded: encoded).verify(line, in: report, satellite: satellite)
            #expect(finding.objections.isEmpty)
            #expect((finding.verdict == .passed) == (index != 1))
        }
    }

    @Test func `evidence altered in one byte anywhere is refused or noticed`() async throws {
        let period = try await ReportedPeriod(nodeCount: 1, samples: 2)
        let line = period.report.results[0]
        let encoded = try #require(period.evidence[line.node]).encoded
        for index in encoded.indices {
            var bytes = encoded
            bytes[index] ^= 0x04
            guard let altered = try? EvidenceBundle(encoded: bytes) else { continue }
            let finding = altered.verify(line, in: period.report, satellite: period.satellite.peer)
            #expect(finding.objections.contains(.otherEvidence(line.node)), "byte \(index)")
        }
        for count in stride(from: 0, to: encoded.count, by: 11) {
            #expect(throws: HeartbeatError.self) { try EvidenceBundle(encoded: encoded.prefix(count)) }
        }
        #expect(throws: HeartbeatError.self) { try EvidenceBundle(encoded: encoded + [0]) }
    }

    @Test(arguments: [(PieceAction.put, SampleTrust.uploader), (.putRepair, .repair), (.get, .recorded)])
    func `whose word a sample rests on follows from the limit's action`(action: PieceAction, trust: SampleTrust) async throws {
        let period = try await ReportedPeriod(nodeCount: 1, samples: 3, action: action)
        let line = period.report.results[0]
        let bundle = try #require(period.evidence[line.node])
        let finding = bundle.verify(line, in: period.report, satellite: period.satellite.peer)
        #expect(finding.trust == [trust, trust, trust])
        #expect(finding.count(of: trust) == 3)
    }

    @Test func `an attestation of another piece, node or satellite, or a forged one, vouches for nothing`() async throws {
        let period = try await ReportedPeriod(nodeCount: 1, samples: 8)
        let node = period.nodes[0].id
        let bundle = try #require(period.evidence[node])
        let piece = bundle.proof.samples[0].piece
        let sound = bundle.attestations[0]
        let satellite = period.satellite.peer
        #expect(sound.trust(in: piece, node: node, satellite: satellite) == .uploader)
        let other = try #require(period.farms[0].set.pieces.first { $0 != piece })
        #expect(sound.trust(in: other, node: node, satellite: satellite) == .recorded)
        #expect(sound.trust(in: piece, node: satellite.id, satellite: satellite) == .recorded)
        let stranger = NodeIdentity.generate(random: .seeded(99)).peer
        #expect(sound.trust(in: piece, node: node, satellite: stranger) == .recorded)
        for index in sound.pieceHash.indices {
            var bytes = sound.pieceHash
            bytes[index] ^= 1
            let forged = Attestation(pieceHash: bytes, orderLimit: sound.orderLimit)
            #expect(forged.trust(in: piece, node: node, satellite: satellite) == .recorded, "byte \(index)")
        }
        #expect(Attestation().trust(in: piece, node: node, satellite: satellite) == .recorded)
        let long = Attestation(pieceHash: [UInt8](repeating: 1, count: 2000), orderLimit: sound.orderLimit)
        #expect(long.pieceHash.isEmpty)
    }

    @Test func `a line that says what the evidence does not show is objected to`() async throws {
        let period = try await ReportedPeriod(losing: [0])
        let line = period.report.results[0]
        let bundle = try #require(period.evidence[line.node])
        let satellite = period.satellite.peer
        var kind = line
        kind.verdict = .passed
        let finding = bundle.verify(kind, in: period.report, satellite: satellite)
        #expect(finding.objections == [.wrongVerdict(line.node, reported: .passed, found: line.verdict)])
        var unsigned = line
        unsigned.commitmentSignature = period.report.results[1].commitmentSignature
        #expect(
            bundle.verify(unsigned, in: period.report, satellite: satellite).objections == [.wrongCommitment(line.node)])
        var silent = line
        silent.commitmentSignature = []
        #expect(bundle.verify(silent, in: period.report, satellite: satellite).objections.isEmpty)
    }

    @Test func `a report whose numbers do not follow from each other is objected to though it is signed`() async throws {
        let period = try await ReportedPeriod()
        func objections(
            secret: Bytes32? = ReportedPeriod.secret, _ change: (inout HeartbeatResult) -> Void = { _ in }
        ) -> [ReportObjection] {
            var lines = period.report.results
            change(&lines[1])
            return HeartbeatReport(
                satelliteChain: period.satellite.peer.concatenated, period: period.report.period, secret: secret,
                results: lines, uncovered: []
            ).signed(by: period.satellite).objections(satellite: period.satellite.id)
        }
        let nodes = period.report.results.map(\.node)
        #expect(objections().isEmpty)
        #expect(objections { $0.period += 1 }.contains(.otherPeriod(nodes[1])))
        #expect(objections { $0.seed = Bytes32() } == [.wrongSeed(nodes[1])])
        #expect(objections { $0.verdict = .unreachable } == [.evidenceDoesNotFitVerdict(nodes[1])])
        #expect(objections { $0.evidenceDigest = Bytes32() } == [.evidenceDoesNotFitVerdict(nodes[1])])
        #expect(objections { $0.verdict = .pending }.contains(.unfinished(nodes[1])))
        // Another signature under one commitment makes another beacon, and with it other samples for all.
        #expect(objections { $0.commitmentSignature[10] ^= 1 }.count == nodes.count)
        #expect(objections(secret: Bytes32()).first == .otherSecret)
        #expect(objections(secret: nil).contains(.verdictWithoutBeacon(nodes[0])))
        #expect(
            period.report.objections(satellite: nodes[0]) == [.otherSatellite(period.satellite.id)])
    }
}
