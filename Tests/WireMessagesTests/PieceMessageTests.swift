import NIOCore
import StorageModel
import TestSupport
import Testing
import WireMessages

/// - Source: protocol document 3 §11.
@Suite struct PieceMessageTests {
    private let samples: PieceSamples

    init() throws { samples = try PieceSamples() }

    @Test func `the satellite signs exactly these bytes of an order limit`() {
        #expect(
            Hexadecimal.encode(samples.limit.signingBytes)
                == "0a10101112131415161718191a1b1c1d1e1f1220" + String(repeating: "a1", count: 31) + "002220"
                + String(repeating: "b2", count: 31) + "002a20" + String(repeating: "c3", count: 32)
                + "3080a08d0138014a0b088095dcca0610959aef3a620b0880f2d6ca0610959aef3a6a2003a107bff3ce10be1d70dd18e74bc"
                + "09967e4d6309ba50d5f1ddc8664125531b8720801020304050607087a04deadbeef")
        #expect(samples.limit.signingBytes.count == 203)
    }

    @Test func `on the wire an unset expiration is year 1`() {
        let text = Hexadecimal.encode(samples.limit.encoded)
        #expect(text.contains("3801420b088092b8c398feffffff014a0b"))
        #expect(samples.limit.encoded.count == 203 + 13)
    }

    @Test func `the uplink signs exactly these bytes of an order`() {
        let order = Order(serialNumber: samples.limit.serialNumber, amount: 262_144)
        #expect(Hexadecimal.encode(order.signingBytes) == "0a10101112131415161718191a1b1c1d1e1f10808010")
    }

    @Test func `the algorithm of a piece hash is signed only when it is not SHA-256`() {
        let common =
            "0a20" + String(repeating: "c3", count: 32)
            + "1220ee78d92070de3df1c57c37002abf0a6b1a6589acdeef4d8ffac7cf3d9e8f28362088272a0b0880f2d6ca0610959aef3a"
        #expect(Hexadecimal.encode(samples.hash(.blake3).signingBytes) == common + "3001")
        #expect(Hexadecimal.encode(samples.hash(.sha256).signingBytes) == common)
    }

    @Test func `a received order limit keeps its bytes and its unknown fields`() throws {
        // Field 5 comes first, field 100 is unknown.
        let received =
            [0x2a, 0x20] + samples.limit.pieceID.bytes + [0xa2, 0x06, 0x01, 0x07] + [0x30, 0x05]
        let limit = try OrderLimit.parse(received)
        #expect(limit.encoded == received)
        #expect(limit.unknownFields == [0xa2, 0x06, 0x01, 0x07])
        #expect(limit.signingBytes.suffix(4) == [0xa2, 0x06, 0x01, 0x07])
        #expect(limit.limit == 5)
        #expect(limit.orderExpiration == nil)
    }

    @Test func `an order or a piece hash with unknown fields says so`() throws {
        let order = Order(serialNumber: samples.limit.serialNumber, amount: 1)
        #expect(try !Order.parse(order.encoded).hasUnknownFields)
        #expect(try Order.parse(order.encoded + [0x20, 0x01]).hasUnknownFields)
        #expect(try PieceHash.parse(samples.hash(.blake3).encoded + [0x38, 0x01]).hasUnknownFields)
    }

    @Test func `an upload message survives the wire with all its parts`() throws {
        let message = PieceUploadRequest(
            limit: samples.limit, order: Order(serialNumber: samples.limit.serialNumber, amount: 7),
            chunk: .init(offset: 1 << 40, data: ByteBuffer(repeating: 9, count: 70_000)), done: samples.hash(.blake3),
            hashAlgorithm: .blake3)
        #expect(try PieceUploadRequest.parse(message.encoded()) == message)
    }

    @Test func `a chunk at the start without data is still there`() throws {
        let message = PieceUploadRequest(chunk: .init(offset: 0, data: ByteBuffer()))
        #expect(try message.encoded() == [0x1a, 0x00])
        #expect(try PieceUploadRequest.parse([0x1a, 0x00]) == message)
    }

    @Test func `download messages survive the wire with all their parts`() throws {
        let request = PieceDownloadRequest(
            limit: samples.limit, order: Order(serialNumber: samples.limit.serialNumber, amount: -1),
            chunk: .init(offset: 256, size: -5), maximumChunkSize: 16_384)
        #expect(try PieceDownloadRequest.parse(request.encoded()) == request)
        let response = PieceDownloadResponse(
            chunk: .init(offset: 3, data: ByteBuffer(string: "data")), hash: samples.hash(.sha256),
            limit: samples.limit, restoredFromTrash: true)
        #expect(try PieceDownloadResponse.parse(response.encoded()) == response)
        let settlement = SettlementRequest(limit: samples.limit, order: request.order)
        #expect(try SettlementRequest.parse(settlement.encoded()) == settlement)
    }

    @Test func `piece data shares the storage of its message`() throws {
        var buffer = ByteBuffer()
        PieceUploadRequest(chunk: .init(offset: 0, data: ByteBuffer(repeating: 1, count: 4096))).encode(into: &buffer)
        let outer = buffer.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
        let chunk = try #require(try PieceUploadRequest.parse(buffer).chunk)
        let inner = chunk.data.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
        #expect(inner > outer && inner < outer + 4200)
    }

    @Test(arguments: [
        ("0a00", "order_limit.serial_number: wrong length 0"),
        ("1203010203", "order_limit.satellite_id: wrong length 3"),
        ("6a0101", "order_limit.uplink_public_key: wrong length 1"),
        ("2a20c3", "order_limit.piece_id: unexpected end"),
        ("3080808080808080808080", "order_limit.limit: integer overflow"),
        ("30ffffffffffffffffff02", "order_limit.limit: integer overflow"),
        ("0bffff", "order_limit.tag: illegal tag"), ("00", "order_limit.tag: illegal tag"),
        ("0801", "order_limit.serial_number: wrong wire type"),
        ("42051080a8d6b907", "timestamp.nanos: unexpected end"),
        ("42061080a8d6b907", "order_limit.piece_expiration: time out of range"),
        ("7affffffffffffffffff01", "order_limit.encrypted_metadata: unexpected end"),
    ])
    func `bytes that are no order limit name the field that is wrong`(hex: String, text: String) throws {
        let bytes = try #require(Hexadecimal.decode(hex))
        let error = #expect(throws: WireMessageError.self) { try OrderLimit.parse(bytes) }
        #expect(error?.description == text)
    }
}
