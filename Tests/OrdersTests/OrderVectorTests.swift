import Crypto
import Orders
import StorageModel
import TestSupport
import Testing
import WireMessages

/// - Source: protocol document 3 §11, and `pieces.json`.
@Suite struct OrderVectorTests {
    private struct File: Decodable {
        struct Pair: Decodable {
            let seed_hex: HexBytes
            let private_key_64_bytes_hex: HexBytes
            let public_key_hex: HexBytes
        }
        let piece_keys: [Pair]
    }

    private let key: PieceKey
    private let creation: Timestamp
    private let serialNumber: SerialNumber

    init() throws {
        let pair = try Self.pairs()[0]
        key = try PieceKey(privateKey: pair.private_key_64_bytes_hex.bytes)
        creation = try #require(Timestamp(seconds: 1_767_225_600, nanoseconds: 123_456_789))
        serialNumber = try #require(SerialNumber((0x10...0x1f).map { UInt8($0) }))
    }

    private static func pairs() throws -> [File.Pair] {
        try Vectors.decode(File.self, from: "pieces.json").piece_keys
    }

    @Test func `a piece key has 64 bytes, seed and public key`() throws {
        for pair in try Self.pairs() {
            let key = try PieceKey(privateKey: pair.private_key_64_bytes_hex.bytes)
            #expect(key.privateKey == pair.seed_hex.bytes + pair.public_key_hex.bytes)
            #expect(key.publicKey == pair.public_key_hex.bytes)
        }
    }

    @Test func `a piece key whose halves do not belong together is refused`() throws {
        var bytes = key.privateKey
        bytes[63] ^= 1
        #expect(throws: OrdersError.malformedPieceKey) { try PieceKey(privateKey: bytes) }
        #expect(throws: OrdersError.malformedPieceKey) { try PieceKey(privateKey: [UInt8](bytes.prefix(32))) }
        #expect(throws: OrdersError.malformedPieceKey) { try PieceKey(privateKey: []) }
    }

    @Test func `the published order has the published signature`() {
        let order = key.sign(Order(serialNumber: serialNumber, amount: 262_144))
        #expect(
            Hexadecimal.encode(order.uplinkSignature)
                == "326ffd899e63a9abffab9dd6c8c55e3de1e55c8054b8baa4bc0a4ab6027ae6944eb251e04de2ce403e9c04625f8ce88f"
                + "9b77437d0adc166c93f2fd1300611803")
        #expect(order.isSigned(byPieceKey: key.publicKey))
    }

    @Test func `the published piece hashes have the published signatures`() throws {
        let blake3 = "ee78d92070de3df1c57c37002abf0a6b1a6589acdeef4d8ffac7cf3d9e8f2836"
        #expect(
            Hexadecimal.encode(try sign(blake3, .blake3).signature)
                == "3a202def5bd3783d3987922f25482641d694838dd2462fa5523d4251d2eede825a19175a01f77552b5ccf0c7b9ced016"
                + "0f08be71d2d9200a91f1ccfdaebc250a")
        let sha256 = "69dbee893909fa17d1be397e0c07691336fe42049c29d403467d3d4a1fc3b5a1"
        #expect(
            Hexadecimal.encode(try sign(sha256, .sha256).signature)
                == "120133a65515fb2f86489db5c12224f911b73906b766d8df799d76e292d40988df0ad0bf115e3ee524200bbf1aface98"
                + "86eceb2da0f883484752fb5748b3dd0a")
    }

    private func sign(_ hash: String, _ algorithm: PieceHashAlgorithm) throws -> PieceHash {
        key.sign(
            PieceHash(
                pieceID: try #require(PieceID([UInt8](repeating: 0xc3, count: 32))),
                hash: try #require(Hexadecimal.decode(hash)), pieceSize: 5000, timestamp: creation,
                hashAlgorithm: algorithm))
    }

    @Test func `the signed bytes of the published limit have the published digest`() throws {
        let limit = OrderLimit(
            serialNumber: serialNumber, satelliteID: try #require(NodeID([UInt8](repeating: 0xa1, count: 31) + [0])),
            storageNodeID: try #require(NodeID([UInt8](repeating: 0xb2, count: 31) + [0])),
            pieceID: try #require(PieceID([UInt8](repeating: 0xc3, count: 32))), limit: 2_314_240, action: .put,
            orderExpiration: creation.advanced(by: .seconds(86_400)), orderCreation: creation,
            uplinkPublicKey: key.publicKey, encryptedMetadataKeyID: [1, 2, 3, 4, 5, 6, 7, 8],
            encryptedMetadata: [0xde, 0xad, 0xbe, 0xef])
        #expect(
            Hexadecimal.encode(Array(SHA256.hash(data: limit.signingBytes)))
                == "30a7f7a6ecf3b65f3d08ff4b02fe53441c59e807ba44ea16449bff7c8e92820b")
    }
}
