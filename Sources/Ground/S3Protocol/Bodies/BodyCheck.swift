package import HTTPTypes
package import NIOCore

/// Checks a body as it flows against everything that was said of it, and takes it out of S3's chunks.
///
/// A value that the body's one reader changes. The object's bytes leave it before the last check, so whoever stores
/// them commits only after `finish` returned.
package struct BodyCheck: Sendable {
    /// Bytes of the object to come, when the client announced them.
    package let objectLength: Int64?

    private var decoder: ChunkDecoder?
    private let signedHash: [UInt8]?
    private let declaredMD5: [UInt8]?
    private let declaredChecksum: ObjectChecksum?
    private let trailerAlgorithm: ChecksumAlgorithm?
    private let chosenAlgorithm: ChecksumAlgorithm?
    private var received: Int64 = 0
    private var md5: MD5Hasher?
    private var hashers: [ChecksumHasher] = []

    /// Reads what the headers declare.
    ///
    /// - Parameters:
    ///   - contentLength: of the HTTP message in bytes; nil when it comes without.
    ///   - computing: digests that are wanted besides those that are checked.
    ///   - checksumIsOfBody: false where the headers' checksum is not the body's own: `CompleteMultipartUpload` sends the
    ///     object's with a document.
    /// - Throws: `InvalidDigest`, `BadDigest`, `InvalidRequest`, `InvalidArgument`.
    package init(
        _ rule: PayloadRule, headers: HTTPFields, contentLength: Int64?, computing: BodyDigests = [],
        checksumIsOfBody: Bool = true
    ) throws(S3Error) {
        declaredMD5 = try ContentMD5.declared(in: headers)
        declaredChecksum = checksumIsOfBody ? try ObjectChecksum.declared(in: headers) : nil
        var trailerNames: Set<String> = []
        if case .chunked(let signer, let hasTrailers) = rule.form {
            if hasTrailers { trailerNames = Self.trailerNames(headers) }
            decoder = ChunkDecoder(signer: signer, hasTrailers: hasTrailers, declaredTrailers: trailerNames)
            objectLength = try Self.decodedLength(headers)
        } else {
            decoder = nil
            objectLength = contentLength
        }
        if case .hashed(let hash) = rule.form { signedHash = hash } else { signedHash = nil }
        trailerAlgorithm = try Self.trailerAlgorithm(trailerNames, besides: declaredChecksum)
        chosenAlgorithm = try Self.chosenAlgorithm(headers, declaredChecksum?.algorithm ?? trailerAlgorithm)
        var digests = computing
        if declaredMD5 != nil { digests.insert(.md5) }
        if signedHash != nil { digests.insert(.sha256) }
        for algorithm in [declaredChecksum?.algorithm, trailerAlgorithm, chosenAlgorithm].compactMap(\.self) {
            digests.insert(BodyDigests(algorithm))
        }
        compute(digests)
    }

    /// Asks for more digests, before the first byte.
    package mutating func compute(_ digests: BodyDigests) {
        precondition(received == 0, "a digest covers a body from its first byte on")
        if digests.contains(.md5), md5 == nil { md5 = MD5Hasher() }
        for algorithm in ChecksumAlgorithm.allCases
        where digests.contains(BodyDigests(algorithm)) && !hashers.contains(where: { $0.algorithm == algorithm }) {
            hashers.append(ChecksumHasher(algorithm))
        }
    }

    /// Takes the message's next bytes.
    ///
    /// - Returns: the object's bytes among them, perhaps none; without copying unless several chunks lie in one buffer.
    /// - Throws: `SignatureDoesNotMatch`, `IncompleteBody`, `MalformedTrailerError`.
    package mutating func receive(_ bytes: ByteBuffer) throws(S3Error) -> ByteBuffer {
        var object = bytes
        if decoder != nil { object = try decoder?.receive(bytes) ?? bytes }
        let sum = received.addingReportingOverflow(Int64(object.readableBytes))
        guard !sum.overflow, sum.partialValue <= objectLength ?? .max else { throw Self.wrongLength }
        received = sum.partialValue
        md5?.update(object)
        for index in hashers.indices { hashers[index].update(object) }
        return object
    }

    /// Says that the message is over, and makes the last checks.
    ///
    /// - Throws: `IncompleteBody`, `XAmzContentSHA256Mismatch`, `BadDigest`, `MalformedTrailerError`,
    ///   `SignatureDoesNotMatch`, `InvalidRequest` for a trailer that is no checksum.
    package mutating func finish() throws(S3Error) -> BodyFacts {
        try decoder?.finish()
        guard received == objectLength ?? received else { throw Self.wrongLength }
        let digest = md5?.finish()
        let facts = BodyFacts(
            length: received, md5: digest, checksums: hashers.map(\.checksum), declared: chosenAlgorithm,
            trailers: decoder?.trailers ?? HTTPFields())
        if let signedHash, facts.checksum(.sha256)?.bytes != signedHash {
            throw S3Error(
                .xAmzContentSHA256Mismatch, "The provided 'x-amz-content-sha256' header does not match what was computed.")
        }
        if let declaredMD5, declaredMD5 != digest {
            throw S3Error(.badDigest, "The Content-MD5 you specified did not match what we received.")
        }
        if let declaredChecksum { try Self.check(declaredChecksum, facts) }
        if let trailerAlgorithm { try checkTrailer(trailerAlgorithm, facts) }
        return facts
    }

    private func checkTrailer(_ algorithm: ChecksumAlgorithm, _ facts: BodyFacts) throws(S3Error) {
        guard let text = facts.trailers[algorithm.headerName],
            let checksum = ObjectChecksum(algorithm: algorithm, text: text)
        else {
            throw S3Error(
                .invalidRequest, "Value for \(algorithm.headerName.canonicalName) trailing header is invalid.")
        }
        try Self.check(checksum, facts)
    }

    private static func check(_ declared: ObjectChecksum, _ facts: BodyFacts) throws(S3Error) {
        guard facts.checksum(declared.algorithm)?.bytes == declared.bytes, declared.partCount == nil else {
            throw S3Error(
                .badDigest, "The \(declared.algorithm.rawValue) you specified did not match the calculated checksum.")
        }
    }

    private static func decodedLength(_ headers: HTTPFields) throws(S3Error) -> Int64? {
        guard let text = headers[AmazonHeader.decodedLength] else { return nil }
        guard let length = Int64(text), length >= 0, text.first != "+" else {
            throw S3Error(.invalidArgument, "x-amz-decoded-content-length must be a number of bytes")
        }
        return length
    }

    private static func trailerNames(_ headers: HTTPFields) -> Set<String> {
        let names = headers[values: AmazonHeader.trailer].flatMap { $0.split(separator: ",") }
        return Set(names.map { String($0.filter { $0 != " " }).lowercased() }.filter { !$0.isEmpty })
    }

    /// The checksum that will follow the body.
    private static func trailerAlgorithm(
        _ names: Set<String>, besides declared: ObjectChecksum?
    ) throws(S3Error) -> ChecksumAlgorithm? {
        let algorithms = names.compactMap { HTTPField.Name($0).flatMap(ChecksumAlgorithm.init(headerName:)) }
        guard algorithms.count + (declared == nil ? 0 : 1) <= 1 else {
            throw S3Error(
                .invalidRequest, "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
        }
        let unknown = names.contains { $0.hasPrefix("x-amz-checksum-") } && algorithms.isEmpty
        guard !unknown else {
            throw S3Error(.invalidRequest, "The value specified in the x-amz-trailer header is not supported")
        }
        return algorithms.first
    }

    /// What `x-amz-sdk-checksum-algorithm` names, which must be the checksum sent when there is one.
    private static func chosenAlgorithm(
        _ headers: HTTPFields, _ sent: ChecksumAlgorithm?
    ) throws(S3Error) -> ChecksumAlgorithm? {
        guard let text = headers[AmazonHeader.sdkChecksumAlgorithm], !text.isEmpty else { return sent }
        let named = try ChecksumAlgorithm.parse(text)
        guard sent == nil || sent == named else {
            throw S3Error(.invalidRequest, "Value for x-amz-sdk-checksum-algorithm header is invalid.")
        }
        return named
    }

    private static var wrongLength: S3Error {
        S3Error(
            .incompleteBody, "You did not provide the number of bytes specified by the Content-Length HTTP header")
    }
}
