import DRPC
import Identity
import NIOCore
import Orders
import PieceTransfer
import StorageModel
import Testing
import WireMessages

@Suite struct PieceFetchTests {
    let fixture = PieceFetchFixture()

    // MARK: Good answers

    @Test func `shares arrive as they lie in the piece`() async throws {
        let outcome = try await fixture.share(.honest, offset: 2048, size: 512)
        guard case .data(let piece) = outcome else { throw Unexpected(outcome) }
        #expect(Array(piece.bytes.readableBytesView) == Array(fixture.bytes[2048..<2560]))
        #expect(piece.hash == nil && !piece.wasInTrash)
    }

    @Test func `a whole piece arrives with its proof`() async throws {
        let outcome = try await fixture.piece(.honest)
        guard case .data(let piece) = outcome else { throw Unexpected(outcome) }
        #expect(Array(piece.bytes.readableBytesView) == fixture.bytes)
        #expect(piece.hash?.pieceSize == 700_000 && piece.originalLimit?.action == .put)
    }

    @Test func `a piece larger than the first memory for it arrives whole`() async throws {
        let fixture = PieceFetchFixture(size: 5_000_000)
        let outcome = try await fixture.piece(.honest)
        guard case .data(let piece) = outcome else { throw Unexpected(outcome) }
        #expect(Array(piece.bytes.readableBytesView) == fixture.bytes)
        #expect(piece.bytes.capacity <= 8 << 20)
    }

    @Test func `a piece that was hashed with SHA-256 is proven too`() async throws {
        let hash = fixture.originalHash(algorithm: .sha256)
        #expect(try await fixture.piece(.proving(hash: hash, limit: fixture.originalLimit())).isData)
    }

    @Test func `a piece that was stored by a repair is proven too`() async throws {
        let limit = fixture.originalLimit(action: .putRepair)
        #expect(try await fixture.piece(.proving(hash: fixture.originalHash(), limit: limit)).isData)
    }

    @Test func `a piece from the trash says so`() async throws {
        let outcome = try await fixture.share(.trashed)
        guard case .data(let piece) = outcome else { throw Unexpected(outcome) }
        #expect(piece.wasInTrash)
    }

    // MARK: The classes of failures

    @Test func `nobody at the address is offline`() async throws {
        let limit = fixture.limit(.getAudit, address: "nowhere:1")
        let outcome = try await fixture.fetcher().share(limit, key: fixture.key, offset: 0, size: 256)
        guard case .offline = outcome else { throw Unexpected(outcome) }
    }

    @Test func `another node at the address is offline`() async throws {
        fixture.network.register(RPCRouter(), identity: NodeIdentity.generate(random: fixture.random).peer, address: "node:1")
        let outcome = try await fixture.piece(.honest)
        guard case .offline = outcome else { throw Unexpected(outcome) }
    }

    @Test func `a dial that never ends is offline`() async throws {
        let outcome = try await fixture.clock.run(step: .seconds(1)) {
            try await fixture.fetcher(dialer: DeafDialer()).share(
                fixture.limit(.getAudit), key: fixture.key, offset: 0, size: 256)
        }
        guard case .offline = outcome else { throw Unexpected(outcome) }
    }

    @Test func `code 5 is not found`() async throws {
        for outcome in [try await fixture.share(.answering(.notFound)), try await fixture.piece(.answering(.notFound))] {
            guard case .notFound = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test func `a node that falls silent after the dial has timed out`() async throws {
        for count in [0, 100_000] {
            let outcome = try await fixture.clock.run(step: .seconds(10)) { try await fixture.piece(.stalling(after: count)) }
            guard case .timedOut = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test func `a node that says it was too slow has timed out`() async throws {
        let outcome = try await fixture.share(.answering(.deadlineExceeded))
        guard case .timedOut = outcome else { throw Unexpected(outcome) }
    }

    @Test(arguments: [RPCStatusCode.internal, .unavailable, .unauthenticated, .invalidArgument, .unknown])
    func `any other code says nothing about the piece`(code: RPCStatusCode) async throws {
        for outcome in [try await fixture.share(.answering(code)), try await fixture.piece(.answering(code))] {
            guard case .failed = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test func `a call that the node cancels says nothing about the piece`() async throws {
        let outcome = try await fixture.share(.cancelling)
        guard case .failed = outcome else { throw Unexpected(outcome) }
    }

    @Test func `answers that break the rules are invalid`() async throws {
        for script in [PieceFetchFixture.Script.ending(after: 1000), .misplacing, .chattering] {
            let outcome = try await fixture.piece(script)
            guard case .invalid = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test func `more bytes than were asked for are invalid and not kept`() async throws {
        let outcome = try await fixture.share(.overflowing, offset: 0, size: 256)
        guard case .invalid = outcome else { throw Unexpected(outcome) }
    }

    // MARK: Proof

    @Test func `a flipped bit is found by the hash`() async throws {
        let outcome = try await fixture.piece(.rotten)
        guard case .invalid(let reason) = outcome else { throw Unexpected(outcome) }
        #expect(reason == "the bytes are not those that were hashed")
    }

    @Test func `a missing hash or limit is invalid`() async throws {
        for (hash, limit) in [(nil, fixture.originalLimit()), (fixture.originalHash(), nil)] as [(PieceHash?, OrderLimit?)] {
            let outcome = try await fixture.piece(.proving(hash: hash, limit: limit))
            guard case .invalid = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test func `the proof of another piece is invalid`() async throws {
        let other = PieceID.random(using: fixture.random)
        let proofs = [
            (fixture.originalHash(piece: other), fixture.originalLimit()),
            (fixture.originalHash(), fixture.originalLimit(piece: other)),
            (fixture.originalHash(piece: other), fixture.originalLimit(piece: other)),
        ]
        for (hash, limit) in proofs {
            let outcome = try await fixture.piece(.proving(hash: hash, limit: limit))
            guard case .invalid = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test func `a limit for a download proves nothing`() async throws {
        let limit = fixture.originalLimit(action: .getRepair)
        let outcome = try await fixture.piece(.proving(hash: fixture.originalHash(), limit: limit))
        guard case .invalid = outcome else { throw Unexpected(outcome) }
    }

    @Test func `a limit that the satellite has not signed is invalid`() async throws {
        let stranger = NodeIdentity.generate(random: fixture.random)
        let forged = fixture.originalLimit().signed(by: stranger)
        for limit in [forged, fixture.originalLimit(signer: stranger)] {
            let outcome = try await fixture.piece(.proving(hash: fixture.originalHash(), limit: limit))
            guard case .invalid = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test func `a hash that somebody else has signed is invalid`() async throws {
        let hash = fixture.originalHash(signer: PieceKey.generate(random: fixture.random))
        let outcome = try await fixture.piece(.proving(hash: hash, limit: fixture.originalLimit()))
        guard case .invalid(let reason) = outcome else { throw Unexpected(outcome) }
        #expect(reason == "the hash is not signed by the uploader")
    }

    @Test func `a hash of another size is invalid`() async throws {
        let outcome = try await fixture.piece(
            .proving(hash: fixture.originalHash(size: 699_999), limit: fixture.originalLimit()))
        guard case .invalid = outcome else { throw Unexpected(outcome) }
    }

    // MARK: Cancelling

    @Test func `a cancelled fetch throws and blames nobody`() async throws {
        let task = Task { try await fixture.piece(.stalling(after: 0)) }
        await fixture.isCalled.reaches(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

private struct Unexpected: Error {
    let outcome: PieceFetchOutcome

    init(_ outcome: PieceFetchOutcome) { self.outcome = outcome }
}

/// Nobody ever answers.
private struct DeafDialer: RPCDialer {
    func connect(to node: NodeURL) async throws -> any RPCConnection {
        for await _ in AsyncStream<Never>.makeStream().stream {}
        throw CancellationError()
    }
}
