import DRPC
import Identity
import Orders
import PieceTransfer
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct PieceUploaderTests {
    @Test(arguments: [1, 1019, 1020, 1021, 7424, 104_000, 262_140, 262_141, 1_000_000, 5_000_000])
    func `honest nodes get the pieces an encoder makes`(size: Int) async throws {
        let fixture = UploadFixture()
        let content = fixture.content(count: size)
        let pieces = try await fixture.upload(content)
        #expect(pieces.count >= 8)
        #expect(pieces.map(\.number) == pieces.map(\.number).sorted())
        #expect(fixture.areStored(pieces, of: content))
        #expect(fixture.memory.usedBytes == 0)
    }

    @Test(arguments: [(1, 1, 1, 1), (1, 1, 2, 4), (2, 2, 4, 4), (5, 6, 7, 7), (29, 35, 80, 110)])
    func `any scheme works`(numbers: (Int, Int, Int, Int)) async throws {
        let (k, m, o, n) = numbers
        let scheme = try #require(RedundancyScheme(required: k, repair: m, optimal: o, total: n))
        let fixture = UploadFixture(scheme)
        let content = fixture.content(count: 700_000)
        let pieces = try await fixture.upload(content)
        #expect(pieces.count >= o)
        #expect(fixture.areStored(pieces, of: content))
    }

    @Test func `a small piece is one message and only as many nodes as needed are asked`() async throws {
        let fixture = UploadFixture()
        let content = fixture.content(count: 100_000)
        let pieces = try await fixture.upload(content)
        #expect(pieces.count == 8)
        #expect(fixture.nodes.map(\.messageCount).reduce(0, +) == 8)
    }

    @Test func `sending begins before the segment is complete`() async throws {
        let fixture = UploadFixture()
        let content = fixture.content(count: 1_500_000)
        let segment = try SegmentBuffer(
            scheme: .development, blockSize: 7424, capacity: 1_500_000, memory: fixture.memory)
        async let pieces = fixture.uploader.upload(segment, assignment: fixture.assignment()) { _ in
            throw RPCStatusError(.internal, "not needed")
        }
        try await fixture.write(Array(content.prefix(1_000_000)), isLast: false, to: segment)
        while fixture.nodes[0].messageCount == 0 { await Task.yield() }
        try await fixture.write(Array(content.dropFirst(1_000_000)), isLast: true, to: segment)
        #expect(fixture.areStored(try await pieces, of: content))
        #expect(segment.sentSize == 1_500_000)
    }

    // MARK: Bad nodes

    static let lies: [@Sendable (PieceHash, NodeIdentity) -> PieceUploadResponse] = [
        { hash, _ in PieceUploadResponse(done: hash) },
        { _, _ in PieceUploadResponse() },
        { hash, node in changed(hash, node) { $0.hash[0] ^= 1 } },
        { hash, node in changed(hash, node) { $0.pieceID = PieceID() } },
        { hash, node in changed(hash, node) { $0.size += 1 } },
        { hash, node in changed(hash, node) { $0.algorithm = .sha256 } },
        { hash, node in changed(hash, node) { $0.timestamp = $0.timestamp?.advanced(by: .seconds(-100_000)) } },
        { hash, node in changed(hash, node) { $0.timestamp = nil } },
        { hash, _ in
            let stranger = NodeIdentity.generate(random: .seeded(99))
            return PieceUploadResponse(
                done: hash.signed(by: stranger), nodeCertificateChain: stranger.chain.concatenated)
        },
        { hash, node in
            let stranger = NodeIdentity.generate(random: .seeded(99))
            return PieceUploadResponse(done: hash.signed(by: stranger), nodeCertificateChain: node.chain.concatenated)
        },
        { hash, node in
            PieceUploadResponse(done: hash.signed(by: node), nodeCertificateChain: [UInt8](repeating: 7, count: 900))
        },
    ]

    struct Fields {
        var pieceID: PieceID
        var hash: [UInt8]
        var size: Int64
        var timestamp: Timestamp?
        var algorithm: PieceHashAlgorithm
    }

    static func changed(
        _ hash: PieceHash, _ node: NodeIdentity, _ change: (inout Fields) -> Void
    ) -> PieceUploadResponse {
        var fields = Fields(
            pieceID: hash.pieceID, hash: hash.hash, size: hash.pieceSize, timestamp: hash.timestamp,
            algorithm: hash.hashAlgorithm)
        change(&fields)
        let lie = PieceHash(
            pieceID: fields.pieceID, hash: fields.hash, pieceSize: fields.size, timestamp: fields.timestamp,
            hashAlgorithm: fields.algorithm)
        return PieceUploadResponse(done: lie.signed(by: node), nodeCertificateChain: node.chain.concatenated)
    }

    @Test(arguments: lies.indices)
    func `a node that lies is replaced by a spare`(index: Int) async throws {
        let fixture = UploadFixture()
        fixture.nodes[3].behaviour = .lying(Self.lies[index])
        let content = fixture.content(count: 300_000)
        let pieces = try await fixture.upload(content)
        #expect(pieces.count >= 8)
        #expect(!pieces.contains { $0.number == 3 })
        #expect(fixture.areStored(pieces, of: content))
        #expect(fixture.book.isSuspect(fixture.nodes[3].identity.id))
    }

    @Test(arguments: [Behaviour.refusing, .dying(after: 1), .dying(after: 200_000), .early])
    func `a node that fails is replaced by a spare`(behaviour: Behaviour) async throws {
        let fixture = UploadFixture()
        fixture.nodes[0].behaviour = behaviour
        fixture.nodes[7].behaviour = behaviour
        let content = fixture.content(count: 2_000_000)
        let pieces = try await fixture.upload(content)
        #expect(Set(pieces.map(\.number)) == [1, 2, 3, 4, 5, 6, 8, 9])
        #expect(fixture.areStored(pieces, of: content))
    }

    @Test func `a node that talks on after its answer harms nobody`() async throws {
        let fixture = UploadFixture()
        for node in fixture.nodes { node.behaviour = .talkative }
        let pieces = try await fixture.upload(fixture.content(count: 100_000))
        #expect(pieces.count == 8)
    }

    @Test func `nobody answers at an address`() async throws {
        let fixture = UploadFixture()
        fixture.network.unregister(address: fixture.nodes[2].address)
        let content = fixture.content(count: 100_000)
        let pieces = try await fixture.upload(content)
        #expect(!pieces.contains { $0.number == 2 })
        #expect(fixture.areStored(pieces, of: content))
    }

    @Test(arguments: [Behaviour.stalling, .silent])
    func `a node that is silent while others move on is not waited for`(behaviour: Behaviour) async throws {
        let fixture = UploadFixture()
        fixture.nodes[1].behaviour = behaviour
        fixture.nodes[4].behaviour = behaviour
        let content = fixture.content(count: 2_000_000)
        let pieces = try await fixture.clock.run(from: { await fixture.answers.reaches(6) }) {
            try await fixture.upload(content)
        }
        #expect(!pieces.contains { $0.number == 1 || $0.number == 4 })
        #expect(fixture.areStored(pieces, of: content))
        #expect(fixture.book.isSuspect(fixture.nodes[1].identity.id))
    }

    @Test func `nodes known as silent are asked last`() async throws {
        let fixture = UploadFixture()
        fixture.book.stalled(fixture.nodes[0].identity.id)
        fixture.book.failed(fixture.nodes[5].identity.id)
        let pieces = try await fixture.upload(fixture.content(count: 100_000))
        #expect(Set(pieces.map(\.number)) == [1, 2, 3, 4, 6, 7, 8, 9])
    }

    // MARK: Exchange

    @Test func `when the spares are used up others are asked of the satellite`() async throws {
        let fixture = UploadFixture(nodeCount: 16)
        for index in [0, 1, 2, 3, 10, 11] { fixture.nodes[index].behaviour = .refusing }
        let content = fixture.content(count: 500_000)
        let pieces = try await fixture.upload(content)
        #expect(pieces.count >= 8)
        #expect(fixture.areStored(pieces, of: content))
    }

    @Test func `silent nodes are exchanged when there are no spares`() async throws {
        let scheme = try #require(RedundancyScheme(required: 2, repair: 2, optimal: 4, total: 4))
        let fixture = UploadFixture(scheme, nodeCount: 5)
        fixture.nodes[2].behaviour = .stalling
        let content = fixture.content(count: 900_000)
        let pieces = try await fixture.clock.run(from: { await fixture.answers.reaches(3) }) {
            try await fixture.upload(content)
        }
        #expect(pieces.map(\.number) == [0, 1, 2, 3])
        #expect(pieces[2].node == fixture.nodes[4].identity.id)
        #expect(fixture.areStored(pieces, of: content))
    }

    @Test func `when too few nodes are left the error names those that failed`() async throws {
        let fixture = UploadFixture()
        for index in 0..<3 { fixture.nodes[index].behaviour = .refusing }
        let error = await #expect(throws: TransferError.self) {
            try await fixture.upload(fixture.content(count: 100_000))
        }
        guard case .noOtherNodes(let needed, let available, let failures, let reason) = error else {
            Issue.record("unexpected error \(String(describing: error))")
            return
        }
        #expect(needed == 8)
        #expect(available == 7)
        #expect(Set(failures.map(\.node)) == Set((0..<3).map { fixture.nodes[$0].identity.id }))
        #expect(failures.allSatisfy { $0.reason.contains("no space left") })
        #expect(reason.contains("not enough nodes"))
        #expect(fixture.memory.usedBytes == 0)
    }

    @Test func `exchanges end after some rounds`() async throws {
        let fixture = UploadFixture()
        for node in fixture.nodes { node.behaviour = .refusing }
        let rounds = Counter()
        await #expect(throws: TransferError.self) {
            try await fixture.uploader.upload(
                try await fixture.segment([1, 2, 3]), assignment: fixture.assignment()
            ) { _ in
                rounds.increment()
                return fixture.assignment()
            }
        }
        #expect(rounds.count == fixture.settings.exchangeRounds)
    }

    @Test func `when nothing moves at all the upload gives up`() async throws {
        let fixture = UploadFixture()
        for node in fixture.nodes { node.behaviour = .silent }
        await #expect(throws: TransferError.self) {
            try await fixture.clock.run(step: .seconds(20)) {
                try await fixture.upload(fixture.content(count: 100_000))
            }
        }
    }

    // MARK: Ends

    @Test func `a cancelled upload ends, whatever its nodes do`() async throws {
        let fixture = UploadFixture()
        for node in fixture.nodes { node.behaviour = .stalling }
        await withThrowingTaskGroup(of: [UploadedPiece].self) { group in
            group.addTask { try await fixture.upload(fixture.content(count: 5_000_000)) }
            while fixture.nodes[0].callCount == 0 { await Task.yield() }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
        #expect(fixture.memory.usedBytes == 0)
    }

    @Test func `a source that fails ends the upload with its error`() async throws {
        struct Torn: Error {}
        let fixture = UploadFixture()
        let segment = try SegmentBuffer(
            scheme: .development, blockSize: 7424, capacity: 1_000_000, memory: fixture.memory)
        try await segment.write(count: 100_000) { $0.initializeMemory(as: UInt8.self, repeating: 1) }
        segment.fail(Torn())
        await #expect(throws: Torn.self) {
            try await fixture.uploader.upload(segment, assignment: fixture.assignment()) { _ in fixture.assignment() }
        }
    }

    @Test func `an offer that does not fit is refused`() async throws {
        let fixture = UploadFixture()
        var short = fixture.assignment()
        short.limits.removeLast()
        var other = fixture.assignment()
        other.scheme = .release
        for offer in [short, other] {
            let segment = try await fixture.segment([1])
            await #expect(throws: TransferError.self) {
                try await fixture.uploader.upload(segment, assignment: offer) { _ in offer }
            }
        }
    }

    @Test func `a limit that is too small fails its piece`() async throws {
        let fixture = UploadFixture()
        var offer = fixture.assignment()
        offer.limits[1] = fixture.limit(1, on: fixture.nodes[1], size: 1000)
        offer.limits[2] = fixture.limit(2, on: fixture.nodes[2], size: -5)
        let content = fixture.content(count: 100_000)
        let pieces = try await fixture.uploader.upload(
            try await fixture.segment(content), assignment: offer) { _ in fixture.assignment() }
        #expect(Set(pieces.map(\.number)) == [0, 3, 4, 5, 6, 7, 8, 9])
        #expect(fixture.areStored(pieces, of: content))
    }

    @Test func `two segments share memory for one and a half`() async throws {
        let fixture = UploadFixture(memory: 3 << 20)
        let content = fixture.content(count: 2_000_000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let segment = try SegmentBuffer(
                        scheme: .development, blockSize: 7424, capacity: 2_000_000, memory: fixture.memory)
                    async let pieces = fixture.uploader.upload(segment, assignment: fixture.assignment()) { _ in
                        fixture.assignment()
                    }
                    try await fixture.write(content, to: segment)
                    #expect(fixture.areStored(try await pieces, of: content))
                }
            }
            try await group.waitForAll()
        }
        #expect(fixture.memory.mostUsedBytes <= 3 << 20)
        #expect(fixture.memory.usedBytes == 0)
    }
}

extension UploadFixture {
    /// Writes a part of a segment's bytes.
    func write(_ content: [UInt8], isLast: Bool, to segment: SegmentBuffer) async throws {
        for start in stride(from: 0, to: content.count, by: 50_000) {
            let part = content[start..<min(start + 50_000, content.count)]
            try await segment.write(count: part.count) { $0.copyBytes(from: part) }
        }
        if isLast { segment.finish() }
    }
}
