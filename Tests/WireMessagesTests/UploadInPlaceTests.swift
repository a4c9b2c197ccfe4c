import NIOCore
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct UploadInPlaceTests {
    private let limit = OrderLimit(
        serialNumber: SerialNumber(), satelliteID: NodeID(), storageNodeID: NodeID(), pieceID: PieceID(), limit: 1000,
        action: .put, orderExpiration: nil, orderCreation: nil, uplinkPublicKey: [UInt8](repeating: 3, count: 32))
    private let order = Order(
        serialNumber: SerialNumber(), amount: 1 << 40, uplinkSignature: [UInt8](repeating: 5, count: 64))
    private let done = PieceHash(
        pieceID: PieceID(), hash: [UInt8](repeating: 1, count: 32), pieceSize: 77, timestamp: nil,
        hashAlgorithm: .blake3, signature: [UInt8](repeating: 2, count: 64))

    @Test(arguments: [1, 127, 128, 65536], [0, 1, 1 << 40] as [Int64])
    func `a message around its data reads like one that was encoded`(count: Int, offset: Int64) throws {
        for parts in 0..<8 {
            let bytes = RandomSource.seeded(1).bytes(count: count)
            let message = PieceUploadRequest(
                limit: parts & 1 != 0 ? limit : nil, order: parts & 2 != 0 ? order : nil,
                chunk: .init(offset: offset, data: ByteBuffer(bytes: bytes)), done: parts & 4 != 0 ? done : nil,
                hashAlgorithm: parts & 1 != 0 ? .blake3 : .sha256)
            var buffer = ByteBuffer()
            buffer.reserveCapacity(PieceUploadRequest.prefixRoom + count + PieceUploadRequest.suffixRoom)
            buffer.moveWriterIndex(to: PieceUploadRequest.prefixRoom)
            buffer.moveReaderIndex(to: PieceUploadRequest.prefixRoom)
            buffer.writeBytes(bytes)
            let capacity = buffer.capacity
            PieceUploadRequest.wrap(
                &buffer, offset: offset, limit: message.limit, order: message.order, done: message.done,
                hashAlgorithm: message.hashAlgorithm)
            #expect(buffer.capacity == capacity)
            #expect(try PieceUploadRequest.parse(buffer) == message)
        }
    }
}
