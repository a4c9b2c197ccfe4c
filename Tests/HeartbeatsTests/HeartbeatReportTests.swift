import Heartbeats
import Identity
import StorageModel
import TestSupport
import Testing

@Suite struct HeartbeatReportTests {
    private let verdicts: [HeartbeatVerdict] = [
        .passed, .failed(sample: 3, .otherContent), .failed(sample: 80, nil), .unreachable, .pending, .void,
    ]

    private func report(lines: Int) -> HeartbeatReport {
        let random = RandomSource.seeded(3)
        let start = Timestamp(microseconds: 1_000_000)
        let period = HeartbeatPeriod(
            satellite: NodeID.random(using: random), number: 7, start: start, end: start.advanced(by: .seconds(1)),
            asOf: start, secretHash: Beacon.secretHash(Bytes32()))
        let results = (0..<lines).map { index in
            HeartbeatResult(
                commitment: HeartbeatCommitment(
                    period: period, node: NodeID.random(using: random), agreement: PieceID.random(using: random).storage,
                    sampleCount: 80,
                    holding: HeartbeatHolding(
                        root: SumNode(hash: PieceID.random(using: random).storage, sum: UInt64(index) * 1000),
                        pieceCount: UInt64(index), byteCount: UInt64(index) << 30, unprovablePieceCount: 1,
                        unprovableByteCount: 5),
                    signature: random.bytes(count: index % 73)),
                seed: PieceID.random(using: random).storage, verdict: verdicts[index % verdicts.count],
                evidenceDigest: PieceID.random(using: random).storage, amount: 12)
        }
        return HeartbeatReport(
            satelliteChain: [1, 2, 3], period: period, secret: lines == 0 ? nil : Bytes32(), results: results,
            uncovered: results.prefix(2).map { UncoveredNode(node: $0.node, pieceCount: 1, byteCount: 2) })
    }

    @Test(arguments: [0, 1, 2, 3, 6, 9])
    func `a signed report survives its encoding`(lines: Int) throws {
        let satellite = NodeIdentity.generate(random: .seeded(4))
        let signed = report(lines: lines).signed(by: satellite)
        let parsed = try HeartbeatReport(encoded: signed.encoded)
        #expect(parsed == signed)
        #expect(parsed.isSigned(by: try PeerIdentity(chain: satellite.chain)))
        #expect(try HeartbeatReport(encoded: report(lines: lines).encoded) == report(lines: lines))
    }

    @Test func `a report altered in one byte is refused or its signature fails`() async throws {
        let period = try await ReportedPeriod()
        let encoded = period.report.encoded
        #expect(try HeartbeatReport(encoded: encoded).objections(satellite: period.satellite.id).isEmpty)
        for index in encoded.indices {
            var bytes = encoded
            bytes[index] ^= index % 2 == 0 ? 1 : 0x80
            guard let altered = try? HeartbeatReport(encoded: bytes) else { continue }
            #expect(!altered.objections(satellite: period.satellite.id).isEmpty, "byte \(index)")
        }
        for count in stride(from: 0, to: encoded.count, by: 7) {
            #expect(throws: HeartbeatError.self) { try HeartbeatReport(encoded: encoded.prefix(count)) }
        }
        #expect(throws: HeartbeatError.self) { try HeartbeatReport(encoded: encoded + [0]) }
    }

    @Test func `a report with lines out of order or twice is refused`() throws {
        let sound = report(lines: 2)
        let lines = sound.results.map(\.encoded)
        let encoded = sound.encoded
        let swapped = Self.replacing(lines[0] + lines[1], by: lines[1] + lines[0], in: encoded)
        let twice = Self.replacing(lines[0] + lines[1], by: lines[0] + lines[0], in: encoded)
        for altered in [swapped, twice] {
            #expect(throws: HeartbeatError.malformed("heartbeat report: order of nodes")) {
                try HeartbeatReport(encoded: altered)
            }
        }
    }

    private static func replacing(_ part: [UInt8], by other: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: part) }) else { return [] }
        return Array(bytes[..<start]) + other + Array(bytes[(start + part.count)...])
    }

    @Test(arguments: 1...17)
    func `every line's path leads to the root, a foreign line's does not`(count: Int) {
        let leaves = (0..<count).map { ReportTree.leaf([UInt8($0)]) }
        let root = ReportTree.root(leaves)
        for (index, leaf) in leaves.enumerated() {
            let path = ReportTree.path(leaves, leaf: index)
            #expect(ReportTree.root(leaf: leaf, index: index, count: count, path: path) == root)
            #expect(ReportTree.root(leaf: ReportTree.leaf([99]), index: index, count: count, path: path) != root)
            #expect(ReportTree.root(leaf: leaf, index: index, count: count, path: path + [leaf]) != root)
        }
        #expect(ReportTree.root(leaf: leaves[0], index: count, count: count, path: []) == nil)
    }
}
