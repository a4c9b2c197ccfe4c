import NIOCore
import StorageModel
import TestSupport
import Testing
import WireMessages

/// Whatever comes in, parsing ends with a message or an error.
@Suite struct HostileBytesTests {
    private static let parsers: [@Sendable ([UInt8]) throws -> Void] = [
        { _ = try OrderLimit.parse($0).signingBytes }, { _ = try Order.parse($0).signingBytes },
        { _ = try PieceHash.parse($0).signingBytes }, { try checkStable(PieceUploadRequest.parse($0)) },
        { try checkStable(PieceUploadResponse.parse($0)) }, { try checkStable(PieceDownloadRequest.parse($0)) },
        { try checkStable(PieceDownloadResponse.parse($0)) }, { try checkStable(SettlementRequest.parse($0)) },
        { _ = try Metainfo_BatchRequest.parse($0) }, { _ = try Metainfo_BatchResponse.parse($0) },
        { _ = try Node_CheckInRequest.parse($0) }, { _ = try Macaroon_Caveat.parse($0) },
        { _ = try Grant_Scope.parse($0) },
    ]

    /// What was read once reads the same after being written.
    private static func checkStable<Message: WireMessage & Equatable>(_ message: Message) throws {
        #expect(try Message.parse(message.encoded()) == message)
    }

    @Test(arguments: parsers.indices) func `random bytes do no harm`(index: Int) {
        let random = RandomSource.seeded(UInt64(index))
        var refused = 0
        for _ in 0..<2000 {
            let bytes = random.bytes(count: Int(random.next(below: 200)))
            refused += survives(bytes, index) ? 0 : 1
        }
        #expect(refused > 1000)
    }

    @Test(arguments: parsers.indices) func `damaged messages do no harm`(index: Int) throws {
        let samples = try PieceSamples()
        let whole = try PieceUploadRequest(
            limit: samples.limit, order: Order(serialNumber: samples.limit.serialNumber, amount: 7),
            chunk: .init(offset: 5, data: ByteBuffer(repeating: 9, count: 50)), done: samples.hash(.blake3),
            hashAlgorithm: .blake3
        ).encoded()
        let random = RandomSource.seeded(UInt64(1000 + index))
        for _ in 0..<3000 {
            var bytes = whole
            for _ in 0..<1 + random.next(below: 4) {
                bytes[Int(random.next(below: UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: random.next())
            }
            _ = survives(Array(bytes.prefix(Int(random.next(below: UInt64(bytes.count + 1))))), index)
            _ = survives(Array(bytes.dropFirst(3)), index)
        }
    }

    @Test(arguments: [
        ("0a5001", "unexpected EOF"), ("ffff", "unexpected EOF"),
        ("0f", "proto: can't skip unknown wire type 7"), ("0a0161fe01", "proto: can't skip unknown wire type 6"),
        ("00", "proto: malformed message"), ("0b", "unexpected EOF"),
    ])
    func `what cannot be decoded is answered as clients know it`(hex: String, text: String) throws {
        let bytes = try #require(Hexadecimal.decode(hex))
        let error = #expect(throws: RPCStatusError.self) { try Metainfo_ListBucketsRequest.parse(bytes) }
        #expect(error == RPCStatusError(.unknown, text))
    }

    @Test func `a cohort rule nested too deep is refused`() {
        // Field 3 (withhold), field 3 (child) again and again.
        var bytes: [UInt8] = []
        for _ in 0..<500 {
            bytes = encodedField(3, bytes)
        }
        #expect(throws: (any Error).self) { try Metainfo_CohortRequirements.parse(bytes) }
    }

    private func survives(_ bytes: [UInt8], _ index: Int) -> Bool {
        do {
            try Self.parsers[index](bytes)
            return true
        } catch {
            return false
        }
    }
}

extension RandomSource {
    /// A number below `bound`, which is at least 1.
    fileprivate func next(below bound: UInt64) -> UInt64 { next() % bound }
}
