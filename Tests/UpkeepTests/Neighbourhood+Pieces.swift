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

extension Neighbourhood {
    /// Starts real nodes, each in a subnet of its own, and lets them check in.
    ///
    /// - Parameters:
    ///   - subnet: the first three numbers of every node's address, by its index, to put several in one place.
    ///   - clock: a node's own clock when it is not that of all, by its index.
    func startNeighbours(
        _ count: Int, subnet: (Int) -> String = { "10.0.\($0)" }, clock: (Int) -> WallClock? = { _ in nil }
    ) async throws -> [Neighbour] {
        var neighbours: [Neighbour] = []
        for index in 0..<count {
            let neighbour = try await Neighbour(
                in: self, address: "\(subnet(index)).\(1 + index % 250):28967", clock: clock(index) ?? self.clock.wallClock)
            try await checkIn(neighbour.identity, at: neighbour.address)
            neighbours.append(neighbour)
        }
        return neighbours
    }

    /// Uploads an object of one segment as an uplink would, with piece 0 on the first node, and so on.
    ///
    /// - Parameter content: what the nodes see: encrypted bytes.
    @discardableResult
    func upload(
        _ key: String, _ content: [UInt8], to nodes: [Neighbour], scheme: RedundancyScheme = .development,
        expiresAt: Timestamp? = nil
    ) async throws -> Segment {
        let segment = try await uploadPieces(content, to: nodes, scheme: scheme, expiresAt: expiresAt)
        var upload = newUpload(key)
        upload.expiresAt = expiresAt
        let object = try await metabase.putObject(upload, segments: [segment], ObjectCommit(mayOverwrite: true))
        return try await metabase.segment(of: object.stream, at: .zero)
    }

    /// Brings the pieces of a segment to nodes, without telling the metabase.
    func uploadPieces(
        _ content: [UInt8], to nodes: [Neighbour], scheme: RedundancyScheme = .development,
        expiresAt: Timestamp? = nil, index: Int32 = 0
    ) async throws -> NewSegment {
        let pieces = ErasureEncoder(scheme: scheme).encode(StripeLayout(scheme: scheme).pad(content))
        let key = PieceKey.generate(random: random)
        let root = PieceID.random(using: random)
        let terms = OrderTerms(
            action: .put, limit: Int64(pieces[0].count), rootPieceID: root, uplinkPublicKey: key.publicKey,
            pieceExpiration: expiresAt, metadata: nil, now: clock.now, random: random)
        var stored: [SegmentPiece] = []
        for (number, node) in nodes.enumerated() {
            let limit = try issuer.limit(terms, node: node.id, pieceNumber: number)
            let hash = try await upload(pieces[number], limit, key, to: node)
            stored.append(SegmentPiece(number: number, node: node.id, hash: Bytes32(hash.hash)))
        }
        return NewSegment(
            position: SegmentPosition(part: 0, index: index) ?? .zero,
            content: .remote(
                RemoteSegment(rootPieceID: root, redundancy: scheme, pieces: stored, hashAlgorithm: 1)),
            plainSize: Int64(content.count), encryptedSize: Int64(content.count),
            encryptedKey: random.bytes(count: 48), encryptedKeyNonce: random.bytes(count: 24))
    }

    /// Brings one more piece of a segment to a node, as a repair does; the metabase is not told.
    func uploadPiece(
        _ bytes: [UInt8], number: Int, of root: PieceID, to node: Neighbour, action: PieceAction = .putRepair
    ) async throws -> SegmentPiece {
        let key = PieceKey.generate(random: random)
        let terms = OrderTerms(
            action: action, limit: Int64(bytes.count), rootPieceID: root, uplinkPublicKey: key.publicKey, metadata: nil,
            now: clock.now, random: random)
        let hash = try await upload(bytes, try issuer.limit(terms, node: node.id, pieceNumber: number), key, to: node)
        return SegmentPiece(number: number, node: node.id, hash: Bytes32(hash.hash))
    }

    private func upload(
        _ piece: [UInt8], _ limit: OrderLimit, _ key: PieceKey, to node: Neighbour
    ) async throws -> PieceHash {
        let hash = key.sign(
            PieceHash(
                pieceID: limit.pieceID, hash: Blake3Hasher.hash(piece).bytes, pieceSize: Int64(piece.count),
                timestamp: clock.now, hashAlgorithm: .blake3))
        let connection = try await network.dialer(as: nil).connect(to: node.url)
        return try await connection.withStream(PiecestoreMethods.upload) { stream in
            try await stream.send(PieceUploadRequest(limit: limit, hashAlgorithm: .blake3))
            for start in stride(from: 0, to: piece.count, by: 64 << 10) {
                let end = min(start + (64 << 10), piece.count)
                try await stream.send(
                    PieceUploadRequest(
                        order: key.sign(Order(serialNumber: limit.serialNumber, amount: Int64(end))),
                        chunk: .init(offset: Int64(start), data: ByteBuffer(bytes: piece[start..<end]))))
            }
            try await stream.send(PieceUploadRequest(done: hash))
            stream.closeSend()
            return try #require(try await stream.receive()?.done)
        }
    }

    /// The content of a segment, as a customer would get it now; nil when too few nodes give their piece.
    func download(_ segment: Segment, from nodes: [Neighbour]) async throws -> [UInt8]? {
        let remote = try remote(segment)
        let size = remote.redundancy.pieceSize(encryptedSize: segment.encryptedSize)
        var shares: [ErasureShare] = []
        for piece in remote.pieces where shares.count < remote.redundancy.requiredShares {
            guard let node = nodes.first(where: { $0.id == piece.node }) else { continue }
            do {
                let bytes = try await download(remote, piece.number, size: size, from: node)
                guard piece.hash.map({ $0.bytes == Blake3Hasher.hash(bytes).bytes }) ?? true else { continue }
                shares.append(ErasureShare(number: piece.number, bytes: bytes))
            } catch is RPCStatusError { continue } catch is RPCError { continue }
        }
        guard shares.count == remote.redundancy.requiredShares else { return nil }
        return StripeLayout(scheme: remote.redundancy).unpad(
            try ErasureDecoder.decode(shares, scheme: remote.redundancy))
    }

    private func download(_ remote: RemoteSegment, _ number: Int, size: Int64, from node: Neighbour) async throws -> [UInt8] {
        let key = PieceKey.generate(random: random)
        let terms = OrderTerms(
            action: .get, limit: size, rootPieceID: remote.rootPieceID, uplinkPublicKey: key.publicKey, metadata: nil,
            now: clock.now, random: random)
        let limit = try issuer.limit(terms, node: node.id, pieceNumber: number)
        let connection = try await network.dialer(as: nil).connect(to: node.url)
        return try await connection.withStream(PiecestoreMethods.download) { stream in
            try await stream.send(PieceDownloadRequest(limit: limit, chunk: .init(offset: 0, size: size)))
            try await stream.send(
                PieceDownloadRequest(order: key.sign(Order(serialNumber: limit.serialNumber, amount: size))))
            var bytes: [UInt8] = []
            while bytes.count < Int(size), let response = try await stream.receive() {
                bytes += (response.chunk?.data.readableBytesView).map { Array($0) } ?? []
            }
            stream.closeSend()
            return bytes
        }
    }

    /// Where a segment's pieces are.
    func remote(_ segment: Segment) throws -> RemoteSegment {
        guard case .remote(let remote) = segment.content else { throw MetabaseError.segmentNotFound }
        return remote
    }

    /// The ids of a segment's pieces, with their nodes.
    static func pieces(of segment: Segment) -> [(node: NodeID, piece: PieceID)] {
        guard case .remote(let remote) = segment.content else { return [] }
        return remote.pieces.map { ($0.node, remote.rootPieceID.derive(node: $0.node, pieceNumber: Int32($0.number))) }
    }
}
