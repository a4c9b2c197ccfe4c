package import S3Protocol

/// What an upload keeps, from its beginning on, of the object it will become.
package struct UploadFacts: Hashable, Sendable {
    private static let checksumName = "s3:upload-checksum"
    private static let initiatorName = "s3:upload-initiator"

    /// What the object will be known by, entity tag and checksum apart.
    package var object: ObjectFacts
    /// The checksum that its parts have; nil when none was asked for.
    package var algorithm: ChecksumAlgorithm?
    /// What the object's checksum will cover.
    package var checksumType = ChecksumType.composite
    /// The account that began it.
    package var initiator: String?

    package init(object: ObjectFacts) { self.object = object }

    /// Reads the metadata of a pending upload.
    package init(metadata: [String: String]) {
        var rest = metadata
        let words = rest.removeValue(forKey: Self.checksumName)?.split(separator: " ").map(String.init) ?? []
        initiator = rest.removeValue(forKey: Self.initiatorName)
        if words.count == 2, let algorithm = ChecksumAlgorithm(rawValue: words[0]),
            let type = ChecksumType(rawValue: words[1]) {
            self.algorithm = algorithm
            checksumType = type
        }
        object = ObjectFacts(metadata: rest)
    }

    /// What ``init(metadata:)`` reads.
    package var metadata: [String: String] {
        var metadata = object.metadata
        if let algorithm { metadata[Self.checksumName] = "\(algorithm.rawValue) \(checksumType.rawValue)" }
        if let initiator { metadata[Self.initiatorName] = initiator }
        return metadata
    }

    /// What `CreateMultipartUpload` says of checksums.
    ///
    /// - Throws: `InvalidRequest` for an algorithm or type that is none, or that do not go together.
    package mutating func setChecksum(algorithm text: String?, type: String?) throws(S3Error) {
        guard let text else {
            guard type == nil else {
                throw S3Error(.invalidRequest, "The x-amz-checksum-type header needs x-amz-checksum-algorithm.")
            }
            return
        }
        let algorithm = try ChecksumAlgorithm.parse(text)
        let checksumType = try type.map { (text) throws(S3Error) in try ChecksumType.parse(text) } ?? algorithm.defaultType
        guard algorithm.supports(checksumType) else {
            throw S3Error(
                .invalidRequest,
                "The \(checksumType.rawValue) checksum type cannot be used with the \(algorithm.rawValue.lowercased()) "
                    + "checksum algorithm.")
        }
        self.algorithm = algorithm
        self.checksumType = checksumType
    }
}
