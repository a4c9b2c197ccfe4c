internal import Encryption
internal import ErasureCode
internal import Foundation
internal import NIOCore
internal import PieceTransfer
internal import StorageModel
internal import WireMessages

/// Brings plain bytes of one object's segments.
///
/// Nothing is delivered that does not decrypt. A segment that does not is fetched again from every node that has a piece,
/// and corrected.
/// - Source: protocol document 2 §2.5.2.
struct SegmentFetch: Sendable {
    /// The object.
    let address: ObjectAddress
    /// The satellite's name of the object.
    let streamID: Data
    /// How its content is encrypted.
    let suite: CipherSuite
    /// Bytes of an encrypted block.
    let blockSize: Int
    private let metainfo: MetainfoClient
    private let downloader: PieceDownloader
    private let correctsErrors: Bool
    /// Asks for as many nodes as have a piece.
    private static let everyNode = Int32.max

    /// Brings segments of an object that a satellite described.
    ///
    /// - Throws: ``UplinkError/Code/satelliteError`` when it says nothing usable of the encryption.
    init(project: Project, address: ObjectAddress, object: Metainfo_Object) throws(UplinkError) {
        self.address = address
        streamID = object.streamID
        metainfo = project.metainfo
        downloader = project.data.downloader
        correctsErrors = project.configuration.correctsErrors
        let suite = CipherSuite(rawValue: object.encryptionParameters.cipherSuite.rawValue) ?? .unspecified
        let size = object.encryptionParameters.blockSize
        guard suite != .unspecified, suite != .nullBase64URL,
            (17...Int64(SegmentCipher.maximumBlockSize)).contains(size)
        else { throw .badAnswer("its encryption is not known", about: address.subject(.downloadObject)) }
        self.suite = suite
        blockSize = Int(size)
    }

    /// Brings bytes of one segment, in order.
    ///
    /// - Parameters:
    ///   - wanted: bytes of the segment, not empty, within it.
    ///   - offer: how to get them, when the satellite has said so already.
    ///   - runSize: bytes after which `take` is called.
    ///   - take: takes bytes, and returns an empty buffer for the next ones, so that memory can be used again.
    /// - Throws: `UplinkError`, `TransferError`, `EncryptionError`, `CancellationError`, what `take` throws.
    func fetch(
        _ place: SegmentPlace, wanted: Range<Int64>, offer: Metainfo_DownloadSegmentResponse? = nil, runSize: Int,
        take: (ByteBuffer) async throws -> ByteBuffer
    ) async throws {
        let answer = if let offer { offer } else { try await ask(place) }
        let cipher = try cipher(place, answer)
        if !answer.encryptedInlineData.isEmpty || answer.addressedLimits.isEmpty {
            let plain = try cipher.decrypt(inline: Array(answer.encryptedInlineData))
            guard plain.count == place.range.count else { throw bad("an inline segment has a wrong size") }
            _ = try await take(ByteBuffer(bytes: plain[Int(wanted.lowerBound)..<Int(wanted.upperBound)]))
            return
        }
        let opener = try SegmentOpener(cipher, wanted: wanted)
        do {
            let first: Correction = correctsErrors ? .on : .off
            let offered = correctsErrors ? try await assignment(place) : try SegmentAssignment(answer)
            try await fetch(place, offered, first, opener, runSize, take)
        } catch EncryptionError.notAuthentic {
            let all = try await assignment(place)
            try await fetch(place, all, .on, opener, runSize, take)
        }
        if opener.output.readableBytes > 0 { _ = try await take(opener.takeOutput()) }
        guard opener.remaining.isEmpty else { throw bad("a segment is shorter than promised") }
    }

    private func fetch(
        _ place: SegmentPlace, _ assignment: SegmentAssignment, _ correction: Correction, _ opener: SegmentOpener,
        _ runSize: Int, _ take: (ByteBuffer) async throws -> ByteBuffer
    ) async throws {
        let layout = StripeLayout(scheme: assignment.scheme)
        let overhead = Int64(blockSize - opener.plainBlockSize)
        let range = layout.pieceRange(
            plain: opener.remaining, blockSize: Int64(blockSize), blockOverhead: overhead)
        opener.restart(at: range.lowerBound * Int64(assignment.scheme.requiredShares))
        try await downloader.download(assignment, range: range, correction: correction) {
            try await self.assignment(place)
        } deliver: { stripes in
            try opener.open(stripes)
            if opener.output.readableBytes >= runSize { opener.output = try await take(opener.takeOutput()) }
        }
    }

    private func assignment(_ place: SegmentPlace) async throws -> SegmentAssignment {
        try SegmentAssignment(try await ask(place, nodes: Self.everyNode))
    }

    private func ask(_ place: SegmentPlace, nodes: Int32 = 0) async throws -> Metainfo_DownloadSegmentResponse {
        var request = Metainfo_DownloadSegmentRequest()
        request.streamID = streamID
        request.cursorPosition = Metainfo_SegmentPosition(place.position)
        request.desiredNodes = nodes
        let answer = try await metainfo.batched(request, address.subject(.downloadSegment))
        guard try SegmentPlace(answer, problem: bad) == place else { throw bad("another segment was offered") }
        return answer
    }

    private func cipher(_ place: SegmentPlace, _ answer: Metainfo_DownloadSegmentResponse) throws -> SegmentCipher {
        guard let nonce = EncryptionNonce(answer.encryptedKeyNonce) else { throw bad("a segment has no key") }
        let key = try EncryptionKey(
            unwrapping: Array(answer.encryptedKey), by: suite, key: address.contentKey, nonce: nonce)
        return try SegmentCipher(
            suite: suite, key: key, start: EncryptionNonce(segment: place.position), blockSize: blockSize)
    }

    private func bad(_ rule: String) -> UplinkError {
        .badAnswer(rule, about: address.subject(.downloadSegment))
    }
}

extension SegmentPlace {
    /// The place of a segment that is offered.
    ///
    /// - Throws: `UplinkError` for numbers that cannot be.
    init(
        _ answer: Metainfo_DownloadSegmentResponse, problem: (String) -> UplinkError
    ) throws(UplinkError) {
        try self.init(answer.position, offset: answer.plainOffset, size: answer.plainSize, problem: problem)
    }
}
