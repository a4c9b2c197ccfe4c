import Blake3
import DRPC
import ErasureCode
import Metabase
import NIOCore
import Orders
import StorageModel
import TestSupport
import Testing
import WireMessages

extension AuditScene {
    /// Stores a segment of which the uploader gave one node other bytes, signed like all the rest.
    func storeMixed(_ key: String = "mixed", size: Int = 20_000, spoiling number: Int) async throws -> Segment {
        let scheme = RedundancyScheme.development
        var pieces = ErasureEncoder(scheme: scheme).encode(
            StripeLayout(scheme: scheme).pad(place.random.bytes(count: size)))
        pieces[number] = place.random.bytes(count: pieces[number].count)
        let root = PieceID.random(using: place.random)
        let pieceKey = PieceKey.generate(random: place.random)
        let terms = OrderTerms(
            action: .put, limit: Int64(pieces[0].count), rootPieceID: root, uplinkPublicKey: pieceKey.publicKey,
            metadata: nil, now: place.clock.now, random: place.random)
        var stored: [SegmentPiece] = []
        for (number, node) in nodes.enumerated() {
            let limit = try place.issuer.limit(terms, node: node.id, pieceNumber: number)
            let hash = pieceKey.sign(
                PieceHash(
                    pieceID: limit.pieceID, hash: Blake3Hasher.hash(pieces[number]).bytes,
                    pieceSize: Int64(pieces[number].count), timestamp: place.clock.now, hashAlgorithm: .blake3))
            let connection = try await place.network.dialer(as: nil).connect(to: node.url)
            _ = try await connection.withStream(PiecestoreMethods.upload) { stream in
                try await stream.send(
                    PieceUploadRequest(
                        limit: limit,
                        order: pieceKey.sign(
                            Order(serialNumber: limit.serialNumber, amount: Int64(pieces[number].count))),
                        chunk: .init(offset: 0, data: ByteBuffer(bytes: pieces[number])), done: hash,
                        hashAlgorithm: .blake3))
                stream.closeSend()
                return try #require(try await stream.receive()?.done)
            }
            stored.append(SegmentPiece(number: number, node: node.id, hash: Bytes32(hash.hash)))
        }
        let segment = NewSegment(
            position: .zero,
            content: .remote(
                RemoteSegment(rootPieceID: root, redundancy: scheme, pieces: stored, hashAlgorithm: 1)),
            plainSize: Int64(size), encryptedSize: Int64(size), encryptedKey: place.random.bytes(count: 48),
            encryptedKeyNonce: place.random.bytes(count: 24))
        let object = try await place.metabase.putObject(
            place.newUpload(key), segments: [segment], ObjectCommit(mayOverwrite: true))
        return try await place.metabase.segment(of: object.stream, at: .zero)
    }
}
