import Foundation
import Heartbeats
import Identity
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct HeartbeatCommitmentTests {
    private let node = NodeIdentity.generate(random: .seeded(1))
    private let satellite = NodeID.random(using: .seeded(2))

    private func commitment(chunks: UInt64 = 77) -> HeartbeatCommitment {
        let start = Timestamp(microseconds: 1_767_225_600_123_456)
        return HeartbeatCommitment(
            period: HeartbeatPeriod(
                satellite: satellite, number: 3, start: start, end: start.advanced(by: .seconds(60)),
                asOf: start.advanced(by: .seconds(-1)), secretHash: Beacon.secretHash(Bytes32(words: [1, 2, 3, 4]))),
            node: node.id, agreement: Beacon.agreement(satellite: satellite, node: node.id), sampleCount: 80,
            holding: HeartbeatHolding(
                root: SumNode(hash: chunks == 0 ? Bytes32() : Bytes32(words: [4, 3, 2, 1]), sum: chunks), pieceCount: 9,
                byteCount: 77_000, unprovablePieceCount: 2, unprovableByteCount: 30))
    }

    @Test(arguments: [0, 77] as [UInt64])
    func `what a satellite asks for is what the node signs`(chunks: UInt64) throws {
        let asked = commitment(chunks: chunks)
        let seen = try HeartbeatCommitment(asked.request, satellite: satellite, node: node.id)
        #expect(seen == asked)
        let signature = seen.signed(by: node).signature
        #expect(asked.signed(signature).isSigned(by: node.peer))
        #expect(!asked.isSigned(by: node.peer))
        #expect(!asked.signed(signature).isSigned(by: NodeIdentity.generate(random: .seeded(5)).peer))
    }

    @Test func `every number of a commitment is covered by the signature`() throws {
        let signature = commitment().signed(by: node).signature
        let changes: [(inout Heartbeat_CommitRequest) -> Void] = [
            { $0.period += 1 }, { $0.start.nanos += 1000 }, { $0.end.seconds += 1 }, { $0.asOf.seconds -= 1 },
            { $0.secretHash[5] ^= 1 }, { $0.root[31] ^= 1 }, { $0.chunkCount += 1 }, { $0.pieceCount += 1 },
            { $0.byteCount += 1 }, { $0.unprovablePieceCount += 1 }, { $0.unprovableByteCount += 1 },
            { $0.agreement[0] ^= 1 }, { $0.sampleCount += 1 },
        ]
        for change in changes {
            var request = commitment().request
            change(&request)
            let other = try HeartbeatCommitment(request, satellite: satellite, node: node.id)
            #expect(!other.signed(signature).isSigned(by: node.peer))
        }
    }

    @Test func `a request that does not say clearly what to sign is refused`() {
        let changes: [(inout Heartbeat_CommitRequest) -> Void] = [
            { $0.clearStart() }, { $0.clearEnd() }, { $0.clearAsOf() }, { $0.end = $0.start },
            { $0.start.nanos = -1 }, { $0.secretHash = Data() }, { $0.agreement.removeLast() },
            { $0.root = Data() }, { $0.chunkCount = 0 }, { $0.root.append(0) }, { $0.sampleCount = 0 },
            { $0.sampleCount = 4097 },
        ]
        for (index, change) in changes.enumerated() {
            var request = commitment().request
            change(&request)
            #expect(throws: HeartbeatError.self, "\(index)") {
                try HeartbeatCommitment(request, satellite: satellite, node: node.id)
            }
        }
    }

    @Test func `the beacon depends on the secret and on every signature, not on their order`() {
        let other = NodeIdentity.generate(random: .seeded(8))
        let first = commitment().signed(by: node)
        let request = commitment()
        let second = HeartbeatCommitment(
            period: request.period, node: other.id, agreement: request.agreement, sampleCount: 80,
            holding: request.holding
        ).signed(by: other)
        let root = Beacon.commitmentsRoot([first, second])
        #expect(Beacon.commitmentsRoot([second, first]) == root)
        #expect(Beacon.commitmentsRoot([first]) != root)
        #expect(Beacon.commitmentsRoot([first.signed(by: node), second]) != root)
        #expect(Beacon.commitmentsRoot([first, second, request]) == root)
        let secret = Bytes32(words: [1, 2, 3, 4])
        #expect(Beacon.make(secret: secret, commitmentsRoot: root) != Beacon.make(secret: Bytes32(), commitmentsRoot: root))
        #expect(Beacon.make(secret: secret, commitmentsRoot: root) != Beacon.make(secret: secret, commitmentsRoot: Bytes32()))
    }
}
