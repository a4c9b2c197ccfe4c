import Blake3
import Crypto
import DRPC
import Foundation
import Heartbeats
import Identity
import PieceStore
import StorageModel
import StorageNode
import TestSupport
import Testing
import WireMessages

@Suite struct HeartbeatEndpointTests {
    private let secret = Bytes32(words: [1, 2, 3, 4])

    private func commitment(
        _ fixture: UpkeepFixture, period: UInt64 = 7, samples: UInt32 = 20, pieces: UInt64 = 3, secret: Bytes32? = nil
    ) -> HeartbeatCommitment {
        HeartbeatCommitment(
            period: HeartbeatPeriod(
                satellite: fixture.satellite.id, number: period, start: fixture.clock.now,
                end: fixture.clock.now.advanced(by: .seconds(3600)), asOf: fixture.clock.now,
                secretHash: Beacon.secretHash(secret ?? self.secret)),
            node: fixture.identity.id,
            agreement: Beacon.agreement(satellite: fixture.satellite.id, node: fixture.identity.id),
            sampleCount: samples,
            holding: HeartbeatHolding(
                root: SumNode(hash: Bytes32(words: [9, 9, 9, 9]), sum: 100), pieceCount: pieces, byteCount: 100_000))
    }

    private func commit(
        _ fixture: UpkeepFixture, _ request: Heartbeat_CommitRequest, as peer: PeerIdentity? = nil
    ) async throws -> Heartbeat_CommitResponse {
        try await fixture.connect(as: peer ?? fixture.satellite.peer).call(HeartbeatMethods.commit, request)
    }

    private func challenge(
        _ fixture: UpkeepFixture, period: UInt64 = 7, secret: [UInt8]? = nil, as peer: PeerIdentity? = nil,
        _ samples: [(piece: [UInt8], chunk: UInt64)]
    ) async throws -> [Heartbeat_SampleAnswer] {
        var request = Heartbeat_ChallengeRequest()
        request.period = period
        request.secret = Data(secret ?? self.secret.bytes)
        request.samples = samples.enumerated().map { index, sample in
            var message = Heartbeat_Sample()
            message.number = UInt32(index)
            message.pieceID = Data(sample.piece)
            message.chunk = sample.chunk
            return message
        }
        return try await ask(fixture, request, as: peer)
    }

    private func ask(
        _ fixture: UpkeepFixture, _ request: Heartbeat_ChallengeRequest, as peer: PeerIdentity? = nil
    ) async throws -> [Heartbeat_SampleAnswer] {
        try await fixture.connect(as: peer ?? fixture.satellite.peer).withStream(HeartbeatMethods.challenge) { stream in
            try await stream.send(request)
            stream.closeSend()
            var answers: [Heartbeat_SampleAnswer] = []
            while let response = try await stream.receive() { answers += response.answers }
            return answers
        }
    }

    private func proof(_ answer: Heartbeat_SampleAnswer) throws -> ChunkProof {
        let siblings = Array(answer.siblings)
        return ChunkProof(
            chunk: Array(answer.chunk),
            siblings: try stride(from: 0, to: siblings.count, by: 32).map {
                try #require(Bytes32(Array(siblings[$0..<$0 + 32])))
            })
    }

    @Test func `a commitment is signed, and told beside what the node has`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        for size in [1000, 20_000, 300_000] { try await fixture.store(size: size) }
        let commitment = commitment(fixture)
        let response = try await commit(fixture, commitment.request)
        #expect(commitment.signed(Array(response.signature)).isSigned(by: fixture.identity.peer))
        #expect(response.pieceCount == 3)
        #expect(response.byteCount == 321_000)
    }

    @Test(arguments: [1, 1024, 1025, 16_384, 16_385, 300_000])
    func `any chunk of a piece is shown with its way to the hash the uploader signed`(size: Int) async throws {
        let fixture = UpkeepFixture(seed: UInt64(size))
        try await fixture.start()
        let piece = try await fixture.store(size: size)
        _ = try await commit(fixture, commitment(fixture).request)
        let last = Blake3Tree.chunkCount(size: Int64(size)) - 1
        let chunks = Set([0, last, last / 2, last / 3]).sorted()
        let answers = try await challenge(fixture, chunks.map { (piece.id.bytes, UInt64($0)) })
        #expect(answers.map(\.number) == chunks.indices.map { UInt32($0) })
        let root = try #require(Bytes32(piece.hash.hash))
        for (chunk, answer) in zip(chunks, answers) {
            #expect(answer.fault == .none)
            #expect(try proof(answer).isValid(index: chunk, size: Int64(size), root: root))
            #expect(try PieceHash.parse(Array(answer.pieceHash)) == piece.hash)
            #expect(Array(answer.orderLimit) == piece.limit.encoded)
        }
    }

    @Test func `eighty samples come in small messages, in order`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let piece = try await fixture.store(size: 200_000)
        _ = try await commit(fixture, commitment(fixture, samples: 80).request)
        let answers = try await challenge(fixture, (0..<80).map { (piece.id.bytes, UInt64($0)) })
        #expect(answers.map(\.number) == (0..<80).map { UInt32($0) })
        #expect(answers.allSatisfy { $0.fault == .none })
    }

    @Test func `what is gone, trashed or rotten is told apart, and rot is reported`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let trashed = try await fixture.store(size: 5000)
        fixture.clock.advance(by: .seconds(10))
        _ = try await fixture.node.store.retain(
            satellite: fixture.satellite.id, filter: BloomFilter(seed: 1, hashCount: 1, tableSize: 1),
            createdBefore: fixture.clock.now)
        let rotten = try await fixture.store(size: 50_000)
        let old = try await fixture.store(size: 5000, algorithm: .sha256)
        try fixture.spoil(rotten, at: 20_000)
        _ = try await commit(fixture, commitment(fixture).request)
        let gone = PieceID.random(using: fixture.random)
        let samples: [(piece: [UInt8], chunk: UInt64)] = [
            (trashed.id.bytes, 4), (rotten.id.bytes, 17), (rotten.id.bytes, 40), (gone.bytes, 0), (old.id.bytes, 1),
            (trashed.id.bytes, 5), (trashed.id.bytes, .max),
        ]
        let answers = try await challenge(fixture, samples)
        // A sound chunk of a rotten piece is shown; nobody can say more of it.
        #expect(answers.map(\.fault) == [.none, .corrupt, .none, .notFound, .none, .notFound, .notFound])
        // Looking at the trash takes nothing out of it.
        #expect(fixture.node.store.usage.trashPieces == 1)
        #expect(try PieceHash.parse(Array(answers[4].pieceHash)).hashAlgorithm == .sha256)
        try await fixture.node.reporter.work()
        #expect(fixture.stub.now.lostPieces == [rotten.id])
        #expect(try await challenge(fixture, [(rotten.id.bytes, 17)]).map(\.fault) == [.notFound])
    }

    @Test func `a loss that the satellite cannot be told of yet is no final answer`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let piece = try await fixture.store(size: 5000)
        try await fixture.node.reporter.report([
            BadPiece(satellite: fixture.satellite.id, pieceID: piece.id, fault: .rotten)
        ])
        #expect(try await challenge(fixture, [(piece.id.bytes, 0)]).map(\.fault) == [.readFailure])
    }

    @Test func `a disk that fails during a challenge is told as that`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let piece = try await fixture.store(size: 5000)
        _ = try await commit(fixture, commitment(fixture).request)
        fixture.disk.setFaults { $0.readsUntilFailure = 0 }
        #expect(try await challenge(fixture, [(piece.id.bytes, 0)]).map(\.fault) == [.readFailure])
        fixture.disk.setFaults { $0.readsUntilFailure = nil }
        #expect(try await challenge(fixture, [(piece.id.bytes, 0)]).map(\.fault) == [.none])
    }

    @Test func `a period has one commitment, also after a restart`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let first = commitment(fixture)
        _ = try await commit(fixture, first.request)
        _ = try await commit(fixture, first.request)
        let other = commitment(fixture, pieces: 4)
        #expect(try await status { _ = try await commit(fixture, other.request) } == .failedPrecondition)
        try await fixture.crash()
        #expect(try await status { _ = try await commit(fixture, other.request) } == .failedPrecondition)
        let signed = first.signed(Array(try await commit(fixture, first.request).signature))
        #expect(signed.isSigned(by: fixture.identity.peer))
    }

    @Test func `a secret that was not agreed to is not answered`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let piece = try await fixture.store(size: 5000)
        _ = try await commit(fixture, commitment(fixture).request)
        let samples: [(piece: [UInt8], chunk: UInt64)] = [(piece.id.bytes, 0)]
        for secret in [[UInt8](repeating: 0, count: 32), Bytes32(words: [1, 2, 3, 5]).bytes] {
            #expect(try await status { _ = try await challenge(fixture, secret: secret, samples) } == .failedPrecondition)
        }
        for secret in [[], [1, 2, 3], [UInt8](repeating: 1, count: 33)] {
            #expect(try await status { _ = try await challenge(fixture, secret: secret, samples) } == .invalidArgument)
        }
        try await fixture.crash()
        #expect(
            try await status { _ = try await challenge(fixture, secret: [UInt8](repeating: 0, count: 32), samples) }
                == .failedPrecondition)
        #expect(try await challenge(fixture, samples).map(\.fault) == [.none])
    }

    @Test func `strangers and satellites that are not trusted get nothing`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let piece = try await fixture.store(size: 5000)
        let request = commitment(fixture).request
        #expect(
            try await status { _ = try await commit(fixture, request, as: fixture.stranger.peer) } == .permissionDenied)
        #expect(
            try await status { _ = try await challenge(fixture, as: fixture.stranger.peer, [(piece.id.bytes, 0)]) }
                == .permissionDenied)
        #expect(
            try await status {
                _ = try await fixture.connect(as: nil).call(HeartbeatMethods.commit, request)
            } == .unauthenticated)
    }

    @Test func `a node restored from a backup learns what it lacks from the satellite's books, and reports it`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        var pieces: [UploadedTestPiece] = []
        for _ in 0..<60 { pieces.append(try await fixture.store(size: 1000)) }
        let lost = (0..<70).map { _ in PieceID.random(using: fixture.random) }
        fixture.stub.change { $0.committed = (pieces.map(\.id) + lost).sorted() }
        _ = try await commit(fixture, commitment(fixture, pieces: 130).request)
        try await fixture.node.check.work()
        try await fixture.node.reporter.work()
        #expect(Set(fixture.stub.now.lostPieces) == Set(lost))
        // Compared once after a start; again only for a satellite that claims more than there is.
        fixture.stub.change { $0.committed = pieces.map(\.id) }
        _ = try await commit(fixture, commitment(fixture, period: 8, pieces: 60).request)
        try await fixture.node.check.work()
        #expect(fixture.stub.now.bookQuestions == 1)
        _ = try await commit(fixture, commitment(fixture, period: 9, pieces: 61).request)
        try await fixture.node.check.work()
        #expect(fixture.stub.now.bookQuestions == 2)
        #expect(fixture.stub.now.lostPieces.count == 70)
    }

    @Test func `hostile commitments are refused and change nothing`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let good = commitment(fixture).request
        let spoilers: [(name: String, spoil: (inout Heartbeat_CommitRequest) -> Void)] = [
            ("no secret", { $0.secretHash = Data() }),
            ("a long secret", { $0.secretHash = Data(repeating: 1, count: 33) }),
            ("a short root", { $0.root = Data(repeating: 1, count: 31) }),
            ("chunks without a root", { $0.root = Data() }),
            ("a root without chunks", { $0.chunkCount = 0 }),
            ("no agreement", { $0.agreement = Data() }),
            ("another agreement", { $0.agreement = Data(repeating: 1, count: 32) }),
            ("no samples", { $0.sampleCount = 0 }),
            ("too many samples", { $0.sampleCount = .max }),
            ("no start", { $0.clearStart() }),
            ("an end before the start", { $0.end.seconds = $0.start.seconds - 1 }),
            ("a period long ago", { ($0.start.seconds, $0.end.seconds) = (1, 2) }),
            ("a set of tomorrow", { $0.asOf.seconds += 86400 }),
            ("a time out of range", { $0.end.seconds = .max }),
        ]
        for (name, spoil) in spoilers {
            var request = good
            spoil(&request)
            let code = try await status { _ = try await commit(fixture, request) }
            #expect(code == .invalidArgument || code == .failedPrecondition, "\(name)")
        }
        _ = try await commit(fixture, good)
        var huge = commitment(fixture, period: 8).request
        (huge.pieceCount, huge.unprovablePieceCount, huge.byteCount) = (.max, .max, .max)
        // A lie of the satellite binds nobody but the satellite: it is signed for what it is.
        _ = try await commit(fixture, huge)
    }

    @Test func `hostile challenges are refused`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let piece = try await fixture.store(size: 5000)
        _ = try await commit(fixture, commitment(fixture, samples: 3).request)
        let sample = (piece: piece.id.bytes, chunk: UInt64(0))
        #expect(
            try await status { _ = try await challenge(fixture, [sample, sample, sample, sample]) } == .invalidArgument)
        #expect(
            try await status { _ = try await challenge(fixture, [(Array(piece.id.bytes.dropLast()), 0)]) }
                == .invalidArgument)
        #expect(
            try await status {
                _ = try await challenge(fixture, period: 99, Array(repeating: sample, count: 4097))
            } == .invalidArgument)
        var request = Heartbeat_ChallengeRequest()
        request.period = 7
        request.secret = Data(secret.bytes)
        request.samples = [Heartbeat_Sample(), Heartbeat_Sample()]
        #expect(try await status { _ = try await ask(fixture, request) } == .invalidArgument)
        #expect(try await challenge(fixture, []).isEmpty)
        fixture.clock.advance(by: .seconds(4 * 3600))
        #expect(try await status { _ = try await challenge(fixture, [sample]) } == .failedPrecondition)
    }

    @Test(arguments: [Duration.seconds(3600), .seconds(-3600)])
    func `a node whose clock is off by an hour commits and answers as others do`(error: Duration) async throws {
        let fixture = UpkeepFixture(clockError: error)
        try await fixture.start()
        let piece = try await fixture.store(size: 5000)
        _ = try await commit(fixture, commitment(fixture).request)
        fixture.clock.advance(by: .seconds(3500))
        #expect(try await challenge(fixture, [(piece.id.bytes, 3)]).map(\.fault) == [.none])
        #expect(try await fixture.download(piece) == nil)
    }

    @Test(arguments: 0..<6)
    func `a commitment killed or failing at any write is either remembered or was never answered`(step: Int) async throws {
        let fixture = UpkeepFixture(seed: UInt64(500 + step))
        try await fixture.start()
        fixture.disk.setFaults { faults in
            if step % 2 == 0 { faults.writesUntilFailure = step / 2 } else { faults.synchronizationsUntilFailure = step / 2 }
        }
        let first = commitment(fixture)
        let wasAnswered = (try? await commit(fixture, first.request)) != nil
        try await fixture.crash()
        let other = commitment(fixture, pieces: 9)
        let code = try await status { _ = try await commit(fixture, other.request) }
        if wasAnswered { #expect(code == .failedPrecondition) }
        // Whichever is remembered, the node answers to its secret.
        #expect(try await challenge(fixture, []).isEmpty)
    }
}
