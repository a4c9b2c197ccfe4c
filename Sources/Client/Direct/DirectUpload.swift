import Encryption
import Orders
import PieceTransfer
import StorageModel
import Synchronization
import WireMessages

/// One segment on its way to farmers, with the customer's own order limits.
final class DirectUpload: Sendable {
    /// Who has which piece of the segment.
    private struct Places {
        /// By piece number.
        var limits: [AddressedLimit?]
        /// Farmers that were never asked for this segment; a limit with the same serial number is taken once.
        var rest: [FarmerRecord]
    }

    /// Blocks that are encrypted at once: they fit in a slab of memory without being copied.
    private static let blocksPerWrite = 32

    private let customer: Customer
    private let source: DirectSource
    private let range: Range<Int64>
    private let index: Int32
    private let scheme: RedundancyScheme
    private let farmers: [FarmerRecord]
    private let expires: Timestamp
    private let places = Mutex(Places(limits: [], rest: []))

    init(
        customer: Customer, source: DirectSource, range: Range<Int64>, index: Int32, scheme: RedundancyScheme,
        farmers: [FarmerRecord], expires: Timestamp
    ) {
        self.customer = customer
        self.source = source
        self.range = range
        self.index = index
        self.scheme = scheme
        self.farmers = farmers
        self.expires = expires
    }

    /// Stores the segment.
    ///
    /// - Returns: its key and who keeps its pieces.
    func run() async throws -> SegmentRecord {
        let random = customer.parts.random
        let key = EncryptionKey.random(using: random)
        let nonce = EncryptionNonce.random(using: random)
        guard let position = SegmentPosition(part: 0, index: index),
            let root = PieceID(random.bytes(count: 32))
        else { throw DirectError.damaged("a segment") }
        let cipher = try SegmentCipher(suite: .aesGCM, key: key, start: EncryptionNonce(segment: position))
        let plainSize = range.upperBound - range.lowerBound
        var segment = SegmentRecord(
            index: index, root: root,
            key: try key.wrapped(by: .aesGCM, key: customer.parts.contentKey, nonce: nonce), nonce: nonce,
            plainSize: plainSize, encryptedSize: cipher.encryptedSize(plainSize: plainSize), scheme: scheme)
        segment.pieces = try await send(cipher, segment).map { piece in
            guard piece.hash.hashAlgorithm == .blake3, let hash = Bytes32(piece.hash.hash) else {
                throw DirectError.damaged("a piece without a BLAKE3 hash cannot be proven")
            }
            return PieceRecord(
                number: piece.number, node: piece.node, piece: piece.hash.pieceID, size: piece.hash.pieceSize, hash: hash)
        }
        return segment
    }

    private func send(_ cipher: SegmentCipher, _ segment: SegmentRecord) async throws -> [UploadedPiece] {
        let parts = customer.parts
        let pieceKey = PieceKey.generate(random: parts.random)
        let terms = OrderTerms(
            action: .put, limit: scheme.pieceSize(encryptedSize: segment.encryptedSize), rootPieceID: segment.root,
            uplinkPublicKey: pieceKey.publicKey, pieceExpiration: expires, metadata: nil, now: parts.clock.now(),
            random: parts.random)
        // Nobody gets the same number each time: some numbers are fetched more often.
        var random = parts.random
        var order = farmers.shuffled(using: &random)
        var limits: [AddressedLimit?] = []
        for number in 0..<scheme.totalShares {
            limits.append(order.isEmpty ? nil : try limit(terms, order.removeFirst(), number))
        }
        let first = Places(limits: limits, rest: order)
        places.withLock { $0 = first }
        let buffer = try SegmentBuffer(
            scheme: scheme, blockSize: cipher.blockSize, capacity: segment.encryptedSize, memory: customer.memory)
        let assignment = SegmentAssignment(scheme: scheme, limits: first.limits, privateKey: pieceKey)
        return try await withThrowingTaskGroup(of: [UploadedPiece]?.self) { group in
            group.addTask {
                do { try await self.fill(buffer, cipher) } catch {
                    buffer.fail(error)
                    throw error
                }
                return nil
            }
            group.addTask {
                do {
                    return try await self.customer.uploader.upload(buffer, assignment: assignment) { numbers in
                        var next = assignment
                        next.limits = try self.replace(numbers, terms)
                        return next
                    }
                } catch {
                    // Whoever writes must not wait for memory that nobody will free.
                    buffer.fail(error)
                    throw error
                }
            }
            var pieces: [UploadedPiece] = []
            for try await result in group { pieces = result ?? pieces }
            return pieces
        }
    }

    /// Gives failed pieces to farmers that have none of the segment.
    private func replace(_ numbers: [Int], _ terms: OrderTerms) throws -> [AddressedLimit?] {
        try places.withLock { places in
            guard !places.rest.isEmpty else { throw DirectError.noOtherFarmers }
            for number in numbers where places.limits.indices.contains(number) {
                places.limits[number] = places.rest.isEmpty ? nil : try limit(terms, places.rest.removeFirst(), number)
            }
            return places.limits
        }
    }

    private func limit(_ terms: OrderTerms, _ farmer: FarmerRecord, _ number: Int) throws -> AddressedLimit {
        AddressedLimit(
            limit: try customer.issuer.limit(terms, node: farmer.node, pieceNumber: number), node: farmer.url)
    }

    /// Encrypts the range into the segment.
    private func fill(_ buffer: SegmentBuffer, _ cipher: SegmentCipher) async throws {
        let codec = try SegmentCodec(cipher)
        let run = Int64(Self.blocksPerWrite * cipher.plainBlockSize)
        var offset = range.lowerBound
        var block: Int64 = 0
        repeat {
            let end = min(offset + run, range.upperBound)
            var bytes = offset < end ? try await source.read(offset..<end) : []
            guard bytes.count == Int(end - offset) else { throw DirectError.sourceChanged(source.name) }
            if end == range.upperBound { bytes += cipher.padding(plainSize: range.upperBound - range.lowerBound) }
            var start = 0
            while start < bytes.count {
                let count = min(Self.blocksPerWrite, (bytes.count - start) / cipher.plainBlockSize)
                let part = start..<start + count * cipher.plainBlockSize
                let first = block
                try await buffer.write(count: count * cipher.blockSize) { output in
                    try bytes.withUnsafeBytes {
                        try codec.seal(UnsafeRawBufferPointer(rebasing: $0[part]), firstBlock: first, into: output)
                    }
                }
                start = part.upperBound
                block += Int64(count)
            }
            offset = end
        } while offset < range.upperBound
        buffer.finish()
    }
}
