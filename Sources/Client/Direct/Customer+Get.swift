import Contracts
import Encryption
import ErasureCode
import Logging
import Orders
import PieceTransfer
import StorageModel
import WireMessages

extension Customer {
    /// Brings an object back, and pays the farmers that sent it.
    ///
    /// - Parameter take: gets its bytes in order; nothing that does not decrypt.
    /// - Throws: `DirectError`, `TransferError`, what `take` throws.
    package func get(_ name: String, take: ([UInt8]) async throws -> Void) async throws {
        guard let object = try await book.object(name), object.isComplete else { throw DirectError.unknownObject(name) }
        let farmers = Dictionary(
            uniqueKeysWithValues: try await book.farmers().map { ($0.node, $0) })
        for segment in try await book.segments(of: object) {
            let download = try DirectDownload(customer: self, name: name, segment: segment, farmers: farmers)
            do { try await download.run(take) } catch {
                await payQuietly(segment)
                throw error
            }
            // Farmers give little credit, so each segment is paid before the next.
            await payQuietly(segment)
        }
    }

    /// A farmer that cannot be paid now is paid the next time: the customer has what it wanted.
    private func payQuietly(_ segment: SegmentRecord) async {
        do { try await payTraffic(segment.pieces.map(\.node)) } catch {
            parts.logger.warning("traffic is not paid yet", metadata: ["error": "\(error)"])
        }
    }
}

/// One segment on its way back.
struct DirectDownload {
    private let customer: Customer
    private let name: String
    private let segment: SegmentRecord
    private let cipher: SegmentCipher
    /// The pieces that can be asked for, the cheapest first.
    private let pieces: [(piece: PieceRecord, farmer: FarmerRecord)]

    init(customer: Customer, name: String, segment: SegmentRecord, farmers: [NodeID: FarmerRecord]) throws {
        self.customer = customer
        self.name = name
        self.segment = segment
        guard let position = SegmentPosition(part: 0, index: segment.index) else { throw DirectError.damaged("a segment") }
        let key = try EncryptionKey(
            unwrapping: segment.key, by: .aesGCM, key: customer.parts.contentKey, nonce: segment.nonce)
        cipher = try SegmentCipher(suite: .aesGCM, key: key, start: EncryptionNonce(segment: position))
        pieces = segment.pieces.compactMap { piece in farmers[piece.node].map { (piece, $0) } }
            .sorted { left, right in
                let prices = (left.farmer.sheet.sheet, right.farmer.sheet.sheet)
                return prices.0.denomination == prices.1.denomination && prices.0.egressTB < prices.1.egressTB
            }
    }

    func run(_ take: ([UInt8]) async throws -> Void) async throws {
        guard segment.plainSize > 0 else { return }
        let opener = try BlockOpener(cipher, plainSize: segment.plainSize)
        do {
            try await fetch(opener, .off, segment.scheme.downloadShares, take)
        } catch EncryptionError.notAuthentic {
            // Somebody lies: every piece is asked for, and what does not fit to the others is left out.
            do { try await fetch(opener, .on, pieces.count, take) } catch EncryptionError.notAuthentic {
                throw DirectError.notAuthentic(name)
            }
        }
        guard opener.isComplete else { throw DirectError.notAuthentic(name) }
    }

    private func fetch(
        _ opener: BlockOpener, _ correction: Correction, _ count: Int, _ take: ([UInt8]) async throws -> Void
    ) async throws {
        let range = StripeLayout(scheme: segment.scheme).pieceRange(
            plain: opener.remaining, blockSize: Int64(cipher.blockSize))
        opener.restart(at: range.lowerBound * Int64(segment.scheme.requiredShares))
        try await customer.downloader.download(
            try await assignment(range, count), range: range, correction: correction,
            more: { try await assignment(range, pieces.count) }
        ) { stripes in
            let plain = try opener.open(stripes)
            if !plain.isEmpty { try await take(plain) }
        }
    }

    /// Fresh limits for the cheapest pieces; what they allow is in the books first.
    private func assignment(_ range: Range<Int64>, _ count: Int) async throws -> SegmentAssignment {
        let parts = customer.parts
        let key = PieceKey.generate(random: parts.random)
        let size = range.upperBound - range.lowerBound
        let terms = OrderTerms(
            action: .get, limit: size, rootPieceID: segment.root, uplinkPublicKey: key.publicKey, metadata: nil,
            now: parts.clock.now(), random: parts.random)
        var limits = [AddressedLimit?](repeating: nil, count: segment.scheme.totalShares)
        var allowed: [NodeID: UInt64] = [:]
        for (piece, farmer) in pieces.prefix(count) where limits.indices.contains(piece.number) {
            limits[piece.number] = AddressedLimit(
                limit: try customer.issuer.limit(terms, node: piece.node, pieceNumber: piece.number), node: farmer.url)
            allowed[piece.node, default: 0] += UInt64(size)
        }
        try await customer.book.allow(allowed)
        return SegmentAssignment(scheme: segment.scheme, limits: limits, privateKey: key)
    }
}
