import Heartbeats
import Identity
import StorageModel
import TestSupport
import Testing

@Suite struct HeartbeatReportTests {
    private func report(lines: Int) -> HeartbeatReport {
        let random = RandomSource.seeded(3)
        let verdicts: [HeartbeatVerdict] = [
            .passed, .failed(sample: 3, .otherContent), .failed(sample: 80, nil), .unreachable, .pending, .void,
        ]
        let results = (0..<lines).map { index in
            HeartbeatResult(
                agreement: PieceID.random(using: random).storage, node: NodeID.random(using: random), period: 7,
                root: SumNode(hash: PieceID.random(using: random).storage, sum: UInt64(index) * 1000),
                seed: PieceID.random(using: random).storage, sampleCount: 80,
                verdict: verdicts[index % verdicts.count], proofDigest: PieceID.random(using: random).storage,
                byteCount: UInt64(index) << 30, unprovableByteCount: 5, amount: 12)
        }
        return HeartbeatReport(
            period: 7, start: Timestamp(microseconds: 1_000_000), end: Timestamp(microseconds: 2_000_000),
            beacon: Bytes32(words: [1, 2, 3, 4]), results: results)
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

    @Test func `a report altered in one byte is refused or its signature fails`() throws {
        let satellite = NodeIdentity.generate(random: .seeded(4))
        let peer = try PeerIdentity(chain: satellite.chain)
        let encoded = report(lines: 3).signed(by: satellite).encoded
        for index in encoded.indices {
            var bytes = encoded
            bytes[index] ^= 1
            guard let altered = try? HeartbeatReport(encoded: bytes) else { continue }
            #expect(!altered.isSigned(by: peer), "byte \(index)")
        }
        for count in stride(from: 0, to: encoded.count, by: 7) {
            #expect(throws: HeartbeatError.self) { try HeartbeatReport(encoded: encoded.prefix(count)) }
        }
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
