import DRPC
import Identity
import NIOCore
import Orders
import PieceStore
import StorageModel
import StorageNode
import TestSupport
import Testing
import WireMessages

@Suite struct UploadTests {
    @Test(arguments: [1, 256, 65_536, 65_537, 262_144, 1_000_000], [PieceHashAlgorithm.blake3, .sha256])
    func `an uploaded piece is answered with the node's signature and can be fetched`(
        size: Int, algorithm: PieceHashAlgorithm
    ) async throws {
        try await EndpointFixture.run { fixture in
            let piece = PieceID.random(using: fixture.random)
            let content = fixture.random.bytes(count: size)
            fixture.clock.advance(by: .seconds(100))
            let (_, response) = try await fixture.upload(content, piece: piece, algorithm: algorithm)
            let answer = try #require(response)
            let hash = try #require(answer.done)
            let chain = try PeerIdentity(concatenated: answer.nodeCertificateChain)
            #expect(chain.id == fixture.node.id)
            #expect(hash.isSigned(by: chain))
            #expect(hash.pieceID == piece)
            #expect(hash.pieceSize == Int64(size))
            #expect(hash.hash == TestHash.of(content, algorithm))
            #expect(hash.hashAlgorithm == algorithm)
            #expect(hash.timestamp == fixture.clock.now)
            let download = try await fixture.download(piece: piece, size: Int64(size))
            #expect(download.content == content)
            #expect(download.hash == nil)
            #expect(download.largestChunk <= 16 << 10)
        }
    }

    @Test func `everything may come in the first message`() async throws {
        try await EndpointFixture.run { fixture in
            let content = fixture.random.bytes(count: 5_000)
            let limit = fixture.limit(.put, piece: .random(using: fixture.random))
            let response = try await fixture.upload([
                PieceUploadRequest(
                    limit: limit, order: fixture.order(limit, amount: 262_144),
                    chunk: .init(offset: 0, data: ByteBuffer(bytes: content)), done: fixture.hash(limit, content),
                    hashAlgorithm: .blake3)
            ])
            #expect(response?.done?.pieceSize == 5_000)
        }
    }

    @Test func `the answer comes before the client closes its side`() async throws {
        try await EndpointFixture.run { fixture in
            let content = fixture.random.bytes(count: 100)
            let limit = fixture.limit(.put, piece: .random(using: fixture.random))
            let response = try await fixture.connect().withStream(PiecestoreMethods.upload) { stream in
                try await stream.send(
                    PieceUploadRequest(
                        limit: limit, order: fixture.order(limit, amount: 100),
                        chunk: .init(offset: 0, data: ByteBuffer(bytes: content)), done: fixture.hash(limit, content),
                        hashAlgorithm: .blake3))
                return try await stream.receive()
            }
            #expect(response?.done != nil)
        }
    }

    @Test func `a zero-byte piece is stored`() async throws {
        try await EndpointFixture.run { fixture in
            let limit = fixture.limit(.put, piece: .random(using: fixture.random))
            let response = try await fixture.upload([
                PieceUploadRequest(limit: limit, done: fixture.hash(limit, []), hashAlgorithm: .blake3)
            ])
            #expect(response?.done?.pieceSize == 0)
        }
    }

    @Test func `a repairer may upload too`() async throws {
        try await EndpointFixture.run { fixture in
            let (_, response) = try await fixture.upload([1, 2, 3], piece: .random(using: fixture.random)) {
                $0.action = .putRepair
            }
            #expect(response?.done != nil)
        }
    }

    // MARK: Refusals

    /// What is wrong with a limit, and the code that answers it.
    enum LimitFault: String, CaseIterable, Sendable {
        case otherNode, pieceExpired, orderExpired, tooOld, inTheFuture, noCreation, noSatellite, noKey, noSignature
        case noPiece, negative, download, gracefulExit, foreignSatellite, wrongSignature

        var code: RPCStatusCode {
            switch self {
            case .foreignSatellite: .permissionDenied
            case .wrongSignature: .unauthenticated
            default: .invalidArgument
            }
        }

        func spoil(_ limit: inout LimitFields, _ fixture: EndpointFixture) {
            let now = fixture.clock.now
            switch self {
            case .otherNode: limit.storageNodeID = fixture.satellite.id
            case .pieceExpired: limit.pieceExpiration = now.advanced(by: .seconds(-48 * 3600 - 1))
            case .orderExpired: limit.orderExpiration = now.advanced(by: .seconds(-48 * 3600 - 1))
            case .tooOld: limit.orderCreation = now.advanced(by: .seconds(-3601))
            case .inTheFuture: limit.orderCreation = now.advanced(by: .seconds(3601))
            case .noCreation: limit.orderCreation = nil
            case .noSatellite: limit.satelliteID = NodeID()
            case .noKey: limit.uplinkPublicKey = []
            case .noSignature: limit.signer = nil
            case .noPiece: limit.pieceID = PieceID()
            case .negative: limit.limit = -1
            case .download: limit.action = .get
            case .gracefulExit: limit.action = .putGracefulExit
            case .foreignSatellite:
                limit.satelliteID = fixture.stranger.id
                limit.signer = fixture.stranger
            case .wrongSignature: limit.signer = fixture.stranger
            }
        }
    }

    @Test(arguments: LimitFault.allCases)
    func `a limit that breaks a rule is refused with its code, and nothing is stored`(fault: LimitFault) async throws {
        try await EndpointFixture.run { fixture in
            let code = try await status {
                try await fixture.upload([1, 2, 3], piece: .random(using: fixture.random)) { fault.spoil(&$0, fixture) }
            }
            #expect(code == fault.code)
            #expect(fixture.store.usage.livePieces == 0)
        }
    }

    @Test func `clocks may differ by what the rules allow`() async throws {
        try await EndpointFixture.run { fixture in
            for seconds in [-3599, 3599] {
                let (_, response) = try await fixture.upload([1], piece: .random(using: fixture.random)) {
                    $0.orderCreation = fixture.clock.now.advanced(by: .seconds(seconds))
                }
                #expect(response != nil)
            }
        }
    }

    @Test func `clocks off by more than an hour: the limit is refused as bad, which no auditor takes for a lost piece`()
        async throws
    {
        try await EndpointFixture.run { fixture in
            for seconds in [-3601, 3601] {
                let code = try await status {
                    try await fixture.upload([1], piece: .random(using: fixture.random)) {
                        $0.orderCreation = fixture.clock.now.advanced(by: .seconds(seconds))
                    }
                }
                #expect(code == .invalidArgument)
            }
        }
    }

    @Test(arguments: [(created: 3599, expires: 86400), (created: 0, expires: 60), (created: -3599, expires: -60)])
    func `replayed limits are refused until they are too old, whatever the clocks and the expiration say`(
        created: Int, expires: Int
    ) async throws {
        try await EndpointFixture.run { fixture in
            let limit = fixture.limit(.put, piece: .random(using: fixture.random)) {
                $0.orderCreation = fixture.clock.now.advanced(by: .seconds(created))
                $0.orderExpiration = fixture.clock.now.advanced(by: .seconds(expires))
            }
            func use() async throws -> RPCStatusCode? {
                try await status {
                    _ = try await fixture.upload([
                        PieceUploadRequest(limit: limit, hashAlgorithm: .blake3),
                        PieceUploadRequest(chunk: .init(offset: 0, data: ByteBuffer(bytes: [1]))),
                    ])
                }
            }
            // The transfer itself is cut short; the limit is used up all the same.
            let first = try await use()
            #expect(first == .invalidArgument)
            for _ in 0..<24 {
                let age = fixture.clock.now.duration(since: limit.orderCreation ?? fixture.clock.now)
                let again = try await use()
                #expect(again == (age <= .seconds(3600) ? .unauthenticated : .invalidArgument), "\(age)")
                fixture.clock.advance(by: .seconds(600))
            }
        }
    }

    @Test func `a limit works once, also when its transfer failed`() async throws {
        try await EndpointFixture.run { fixture in
            let limit = fixture.limit(.put, piece: .random(using: fixture.random))
            let first = try await status {
                _ = try await fixture.upload([
                    PieceUploadRequest(limit: limit, hashAlgorithm: .blake3),
                    PieceUploadRequest(chunk: .init(offset: 0, data: ByteBuffer(bytes: [1]))),
                ])
            }
            #expect(first == .invalidArgument)
            let second = try await status {
                _ = try await fixture.upload([
                    PieceUploadRequest(limit: limit, done: fixture.hash(limit, []), hashAlgorithm: .blake3)
                ])
            }
            #expect(second == .unauthenticated)
        }
    }

    @Test func `a first message without a limit is refused`() async throws {
        try await EndpointFixture.run { fixture in
            for messages in [[], [PieceUploadRequest()]] {
                let code = try await status { _ = try await fixture.upload(messages) }
                #expect(code == .invalidArgument)
            }
        }
    }

    /// What is wrong in the middle of an upload.
    enum TransferFault: String, CaseIterable, Sendable {
        case gap, overlap, beyondCredit, orderOfOther, orderDecreases, orderAboveLimit, orderUnsigned
        case wrongSize, wrongHash, wrongAlgorithm, hashUnsigned, hashOfOther, noHash

        var code: RPCStatusCode {
            switch self {
            case .gap, .overlap, .beyondCredit, .orderOfOther, .orderDecreases, .orderAboveLimit, .wrongSize:
                .invalidArgument
            case .orderUnsigned: .unauthenticated
            case .wrongHash, .wrongAlgorithm, .hashUnsigned, .hashOfOther: .internal
            case .noHash: .aborted
            }
        }

        /// The messages after the limit.
        func messages(_ limit: OrderLimit, _ fixture: EndpointFixture) -> [PieceUploadRequest] {
            let content: [UInt8] = Array(repeating: 5, count: 1000)
            let data = ByteBuffer(bytes: content)
            let hash = fixture.hash(limit, content)
            var order = fixture.order(limit, amount: 2000)
            var offset: Int64 = 0
            var done: PieceHash? = hash
            func signed(_ change: (PieceID, [UInt8], Int64, PieceHashAlgorithm)) -> PieceHash {
                fixture.pieceKey.sign(
                    PieceHash(
                        pieceID: change.0, hash: change.1, pieceSize: change.2, timestamp: hash.timestamp,
                        hashAlgorithm: change.3))
            }
            switch self {
            case .gap: offset = 1
            case .overlap:
                return [
                    PieceUploadRequest(order: order, chunk: .init(offset: 0, data: data)),
                    PieceUploadRequest(chunk: .init(offset: 999, data: data)),
                ]
            case .beyondCredit: order = fixture.order(limit, amount: 999)
            case .orderOfOther:
                order = fixture.pieceKey.sign(Order(serialNumber: .random(using: fixture.random), amount: 2000))
            case .orderDecreases:
                return [
                    PieceUploadRequest(order: order, chunk: .init(offset: 0, data: data)),
                    PieceUploadRequest(order: fixture.order(limit, amount: 1999)),
                ]
            case .orderAboveLimit: order = fixture.order(limit, amount: limit.limit + 1)
            case .orderUnsigned: order = Order(serialNumber: limit.serialNumber, amount: 2000)
            case .wrongSize: done = signed((limit.pieceID, hash.hash, 1001, .blake3))
            case .wrongHash: done = fixture.hash(limit, Array(repeating: 6, count: 1000))
            case .wrongAlgorithm: done = signed((limit.pieceID, hash.hash, 1000, .sha256))
            case .hashUnsigned: done = hash.signed([])
            case .hashOfOther: done = signed((.random(using: fixture.random), hash.hash, 1000, .blake3))
            case .noHash: done = nil
            }
            return [PieceUploadRequest(order: order, chunk: .init(offset: offset, data: data), done: done)]
        }
    }

    @Test(arguments: TransferFault.allCases)
    func `an upload that breaks a rule is refused with its code, and nothing is stored`(
        fault: TransferFault
    ) async throws {
        try await EndpointFixture.run { fixture in
            let limit = fixture.limit(.put, piece: .random(using: fixture.random))
            let code = try await status {
                _ = try await fixture.upload(
                    [PieceUploadRequest(limit: limit, hashAlgorithm: .blake3)] + fault.messages(limit, fixture))
            }
            #expect(code == fault.code)
            #expect(fixture.store.usage.livePieces == 0)
            let (_, response) = try await fixture.upload([1, 2, 3], piece: limit.pieceID)
            #expect(response != nil)
        }
    }

    @Test func `an unknown hash algorithm is refused`() async throws {
        try await EndpointFixture.run { fixture in
            let limit = fixture.limit(.put, piece: .random(using: fixture.random))
            let code = try await status {
                _ = try await fixture.upload([
                    PieceUploadRequest(limit: limit, hashAlgorithm: PieceHashAlgorithm(rawValue: 7))
                ])
            }
            #expect(code == .invalidArgument)
        }
    }

    @Test func `a limit larger than the space left is refused`() async throws {
        try await EndpointFixture.run({ $0.allocatedSpace = 10_000 }) { fixture in
            let limit = fixture.limit(.put, piece: .random(using: fixture.random), size: 10_001)
            let code = try await status {
                _ = try await fixture.upload([PieceUploadRequest(limit: limit, hashAlgorithm: .blake3)])
            }
            #expect(code == .aborted)
        }
    }

    @Test(arguments: [20_000, 700_000])
    func `a disk that fills up during an upload is an internal error, and the node goes on`(size: Int) async throws {
        try await EndpointFixture.run { fixture in
            fixture.disk.setFaults { $0.freeSpace = 10_000 }
            let content = fixture.random.bytes(count: size)
            let piece = PieceID.random(using: fixture.random)
            #expect(try await status { try await fixture.upload(content, piece: piece) } == .internal)
            fixture.disk.setFaults { $0.freeSpace = nil }
            try await fixture.upload(content, piece: piece)
            #expect(try await fixture.download(piece: piece, size: Int64(size)).content == content)
        }
    }

    @Test func `uploads beyond the maximum are told to go elsewhere`() async throws {
        try await EndpointFixture.run({ $0.maximumUploads = 1 }) { fixture in
            let limit = fixture.limit(.put, piece: .random(using: fixture.random))
            try await fixture.connect().withStream(PiecestoreMethods.upload) { stream in
                try await stream.send(
                    PieceUploadRequest(
                        limit: limit, order: fixture.order(limit, amount: 3),
                        chunk: .init(offset: 0, data: ByteBuffer(bytes: [1, 2, 3])), hashAlgorithm: .blake3))
                // The node heard of this upload once it refuses another use of the limit, or any other upload.
                var code: RPCStatusCode?
                while code == nil {
                    code = try await status { try await fixture.upload([1], piece: .random(using: fixture.random)) }
                }
                #expect(code == .unavailable)
                try await stream.send(PieceUploadRequest(done: fixture.hash(limit, [1, 2, 3])))
                #expect(try await stream.receive()?.done != nil)
            }
            let (_, response) = try await fixture.upload([1], piece: .random(using: fixture.random))
            #expect(response != nil)
        }
    }

    @Test(arguments: [1_000, 800_000])
    func `a cancelled upload leaves no piece, and the piece can be uploaded again`(size: Int) async throws {
        try await EndpointFixture.run { fixture in
            let content = fixture.random.bytes(count: size)
            let limit = fixture.limit(.put, piece: .random(using: fixture.random))
            struct Cancelled: Error {}
            do {
                try await fixture.connect().withStream(PiecestoreMethods.upload) { stream in
                    try await stream.send(PieceUploadRequest(limit: limit, hashAlgorithm: .blake3))
                    for start in stride(from: 0, to: size, by: 64 << 10) {
                        let end = min(start + (64 << 10), size)
                        try await stream.send(
                            PieceUploadRequest(
                                order: fixture.order(limit, amount: Int64(end)),
                                chunk: .init(offset: Int64(start), data: ByteBuffer(bytes: content[start..<end]))))
                    }
                    throw Cancelled()
                }
            } catch is Cancelled {}
            let (_, response) = try await fixture.upload(content, piece: limit.pieceID)
            #expect(response != nil)
            #expect(fixture.store.usage.livePieces == 1)
        }
    }
}
