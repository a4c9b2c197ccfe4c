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

@Suite struct DownloadTests {
    @Test(arguments: [(0, 300_000), (0, 1), (299_999, 1), (16_000, 100_000), (256, 262_144)])
    func `a range comes back as asked`(offset: Int, size: Int) async throws {
        try await EndpointFixture.run { fixture in
            let piece = PieceID.random(using: fixture.random)
            let content = fixture.random.bytes(count: 300_000)
            try await fixture.upload(content, piece: piece)
            for action in [PieceAction.get, .getAudit] {
                let download = try await fixture.download(
                    piece: piece, offset: Int64(offset), size: Int64(size), action: action)
                #expect(download.content == Array(content[offset..<offset + size]))
                #expect(download.hash == nil)
                #expect(download.limit == nil)
            }
        }
    }

    @Test(arguments: [PieceHashAlgorithm.blake3, .sha256])
    func `a repairer gets the uploader's signed hash and the satellite's signed limit first`(
        algorithm: PieceHashAlgorithm
    ) async throws {
        try await EndpointFixture.run { fixture in
            let piece = PieceID.random(using: fixture.random)
            let content = fixture.random.bytes(count: 50_000)
            let (limit, _) = try await fixture.upload(content, piece: piece, algorithm: algorithm)
            fixture.clock.advance(by: .seconds(1000))
            let download = try await fixture.download(piece: piece, size: 50_000, action: .getRepair)
            #expect(download.content == content)
            #expect(download.hash?.encoded == fixture.hash(limit, content, algorithm).encoded)
            #expect(download.hash?.isSigned(byPieceKey: limit.uplinkPublicKey) == true)
            #expect(download.limit?.encoded == limit.encoded)
            #expect(download.limit?.isSigned(by: fixture.satellite.peer) == true)
        }
    }

    @Test func `no more is sent than was ordered`() async throws {
        try await EndpointFixture.run { fixture in
            let piece = PieceID.random(using: fixture.random)
            let content = fixture.random.bytes(count: 100_000)
            try await fixture.upload(content, piece: piece)
            let limit = fixture.limit(.get, piece: piece)
            try await fixture.connect().withStream(PiecestoreMethods.download) { stream in
                try await stream.send(
                    PieceDownloadRequest(
                        limit: limit, order: fixture.order(limit, amount: 10), chunk: .init(offset: 0, size: 100_000)))
                var received: [UInt8] = []
                for amount in [10, 5_000, 5_000, 60_000, 1_000_000] as [Int64] {
                    try await stream.send(PieceDownloadRequest(order: fixture.order(limit, amount: amount)))
                    while received.count < min(Int(amount), 100_000), let response = try await stream.receive() {
                        received += response.chunk?.data.readableBytesView ?? ByteBuffer().readableBytesView
                    }
                    #expect(received.count == min(Int(amount), 100_000))
                }
                #expect(received == content)
                stream.closeSend()
                #expect(try await stream.receive() == nil)
            }
        }
    }

    @Test func `a client that closes early ends the download without an error`() async throws {
        try await EndpointFixture.run { fixture in
            let piece = PieceID.random(using: fixture.random)
            try await fixture.upload(fixture.random.bytes(count: 100_000), piece: piece)
            let limit = fixture.limit(.get, piece: piece)
            try await fixture.connect().withStream(PiecestoreMethods.download) { stream in
                try await stream.send(PieceDownloadRequest(limit: limit, chunk: .init(offset: 0, size: 100_000)))
                stream.closeSend()
                #expect(try await stream.receive() == nil)
            }
        }
    }

    @Test func `a trashed piece is restored, served, and said to be so`() async throws {
        try await EndpointFixture.run { fixture in
            let piece = PieceID.random(using: fixture.random)
            let content = fixture.random.bytes(count: 1000)
            try await fixture.upload(content, piece: piece)
            fixture.clock.advance(by: .seconds(10))
            let filter = BloomFilter(seed: 1, hashCount: 4, tableSize: 16)
            let result = try await fixture.store.retain(
                satellite: fixture.satellite.id, filter: filter, createdBefore: fixture.clock.now)
            #expect(result.trashed == 1)
            let first = try await fixture.download(piece: piece, size: 1000)
            #expect(first.isRestored)
            #expect(first.content == content)
            let second = try await fixture.download(piece: piece, size: 1000)
            #expect(!second.isRestored)
            #expect(second.content == content)
        }
    }

    // MARK: Refusals

    @Test func `a piece nobody stored is not found`() async throws {
        try await EndpointFixture.run { fixture in
            let code = try await status {
                _ = try await fixture.download(piece: .random(using: fixture.random), size: 1)
            }
            #expect(code == .notFound)
        }
    }

    @Test(arguments: [[0, 1001], [1000, 1], [500, 501], [-1, 1], [0, -1], [Int64.max, 1], [1, Int64.max]])
    func `a range outside the piece is refused`(range: [Int64]) async throws {
        try await EndpointFixture.run { fixture in
            let piece = PieceID.random(using: fixture.random)
            try await fixture.upload(fixture.random.bytes(count: 1000), piece: piece)
            let code = try await status { _ = try await fixture.download(piece: piece, offset: range[0], size: range[1]) }
            #expect(code == .invalidArgument)
        }
    }

    @Test func `a range larger than the limit is refused`() async throws {
        try await EndpointFixture.run { fixture in
            let piece = PieceID.random(using: fixture.random)
            try await fixture.upload(fixture.random.bytes(count: 1000), piece: piece)
            let code = try await status {
                _ = try await fixture.download(piece: piece, size: 1000) { $0.limit = 999 }
            }
            #expect(code == .invalidArgument)
        }
    }

    @Test func `a first message without limit or chunk is refused`() async throws {
        try await EndpointFixture.run { fixture in
            let limit = fixture.limit(.get, piece: .random(using: fixture.random))
            for message in [PieceDownloadRequest(limit: limit), PieceDownloadRequest(chunk: .init(offset: 0, size: 1))] {
                let code = try await status {
                    try await fixture.connect().withStream(PiecestoreMethods.download) { stream in
                        try await stream.send(message)
                        _ = try await stream.receive()
                    }
                }
                #expect(code == .invalidArgument)
            }
        }
    }

    @Test(arguments: UploadTests.LimitFault.allCases)
    func `a limit that breaks a rule is refused with its code`(fault: UploadTests.LimitFault) async throws {
        try await EndpointFixture.run { fixture in
            let piece = PieceID.random(using: fixture.random)
            try await fixture.upload([1, 2, 3], piece: piece)
            let code = try await status {
                _ = try await fixture.download(piece: piece, size: 3) {
                    fault.spoil(&$0, fixture)
                    if fault == .download { $0.action = .put }
                }
            }
            #expect(code == fault.code)
        }
    }

    @Test func `a limit works once`() async throws {
        try await EndpointFixture.run { fixture in
            let piece = PieceID.random(using: fixture.random)
            try await fixture.upload([1, 2, 3], piece: piece)
            let serial = SerialNumber.random(using: fixture.random)
            _ = try await fixture.download(piece: piece, size: 3) { $0.serialNumber = serial }
            let code = try await status {
                _ = try await fixture.download(piece: piece, size: 3) { $0.serialNumber = serial }
            }
            #expect(code == .unauthenticated)
        }
    }

    @Test func `an order that breaks a rule ends the download with its code`() async throws {
        try await EndpointFixture.run { fixture in
            let piece = PieceID.random(using: fixture.random)
            try await fixture.upload(fixture.random.bytes(count: 1000), piece: piece)
            let orders: [(RPCStatusCode, (OrderLimit) -> Order)] = [
                (.invalidArgument, { fixture.order($0, amount: $0.limit + 1) }),
                (.invalidArgument, { fixture.order($0, amount: 5) }),
                (.unauthenticated, { Order(serialNumber: $0.serialNumber, amount: 1000) }),
            ]
            for (expected, makeOrder) in orders {
                let limit = fixture.limit(.get, piece: piece)
                let code = try await status {
                    try await fixture.connect().withStream(PiecestoreMethods.download) { stream in
                        try await stream.send(
                            PieceDownloadRequest(
                                limit: limit, order: fixture.order(limit, amount: 10), chunk: .init(offset: 0, size: 1000)))
                        try await stream.send(PieceDownloadRequest(order: makeOrder(limit)))
                        while try await stream.receive() != nil {}
                    }
                }
                #expect(code == expected)
            }
        }
    }

    // MARK: Faults of the disk

    @Test func `a disk that cannot be read is never answered with not found`() async throws {
        try await EndpointFixture.run { fixture in
            let piece = PieceID.random(using: fixture.random)
            try await fixture.upload(fixture.random.bytes(count: 100_000), piece: piece)
            for successes in 0..<3 {
                fixture.disk.setFaults { $0.readsUntilFailure = successes }
                let code = try await status { _ = try await fixture.download(piece: piece, size: 100_000) }
                #expect(code == .internal || code == nil)
                #expect(code == .internal || successes > 1)
            }
        }
    }

    @Test func `rotten bytes are an internal error and are not sent`() async throws {
        try await EndpointFixture.run { fixture in
            let piece = PieceID.random(using: fixture.random)
            let content = fixture.random.bytes(count: 100_000)
            try await fixture.upload(content, piece: piece)
            let log = try #require(fixture.disk.paths.first { $0.contains("/log-") })
            fixture.disk.flipByte(of: log, at: 64 + 50_000)
            #expect(try await status { _ = try await fixture.download(piece: piece, size: 100_000) } == .internal)
            let whole = try await fixture.download(piece: piece, offset: 70_000, size: 30_000)
            #expect(whole.content == Array(content[70_000...]))
        }
    }
}
