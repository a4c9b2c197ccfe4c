import StorageModel
import Testing
import WireMessages

/// The inputs of the published vectors.
struct PieceSamples {
    let limit: OrderLimit
    let blake3Hash: [UInt8]

    init() throws {
        let creation = try #require(Timestamp(seconds: 1_767_225_600, nanoseconds: 123_456_789))
        limit = OrderLimit(
            serialNumber: try #require(SerialNumber((0x10...0x1f).map { UInt8($0) })),
            satelliteID: try #require(NodeID([UInt8](repeating: 0xa1, count: 31) + [0])),
            storageNodeID: try #require(NodeID([UInt8](repeating: 0xb2, count: 31) + [0])),
            pieceID: try #require(PieceID([UInt8](repeating: 0xc3, count: 32))), limit: 2_314_240, action: .put,
            orderExpiration: creation.advanced(by: .seconds(86_400)), orderCreation: creation,
            uplinkPublicKey: try #require(
                Hexadecimal.decode("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8")),
            encryptedMetadataKeyID: [1, 2, 3, 4, 5, 6, 7, 8], encryptedMetadata: [0xde, 0xad, 0xbe, 0xef])
        blake3Hash = try #require(
            Hexadecimal.decode("ee78d92070de3df1c57c37002abf0a6b1a6589acdeef4d8ffac7cf3d9e8f2836"))
    }

    func hash(_ algorithm: PieceHashAlgorithm) -> PieceHash {
        PieceHash(
            pieceID: limit.pieceID, hash: blake3Hash, pieceSize: 5000, timestamp: limit.orderCreation,
            hashAlgorithm: algorithm)
    }
}
