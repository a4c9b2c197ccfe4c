package import HTTPTypes

/// The checksums that S3 verifies on the way in, keeps, and tells on the way out.
package enum ChecksumAlgorithm: String, CaseIterable, Hashable, Sendable {
    case crc32 = "CRC32"
    case crc32c = "CRC32C"
    case crc64nvme = "CRC64NVME"
    case sha1 = "SHA1"
    case sha256 = "SHA256"

    private static let names = allCases.map { AmazonHeader.name("x-amz-checksum-\($0.rawValue.lowercased())") }

    /// `x-amz-checksum-crc32` and its like.
    package var headerName: HTTPField.Name {
        switch self {
        case .crc32: Self.names[0]
        case .crc32c: Self.names[1]
        case .crc64nvme: Self.names[2]
        case .sha1: Self.names[3]
        case .sha256: Self.names[4]
        }
    }

    /// The algorithm of a header or trailer; nil for any other name.
    package init?(headerName: HTTPField.Name) {
        guard let index = Self.names.firstIndex(of: headerName) else { return nil }
        self = Self.allCases[index]
    }

    /// Bytes of a digest.
    package var length: Int {
        switch self {
        case .crc32, .crc32c: 4
        case .crc64nvme: 8
        case .sha1: 20
        case .sha256: 32
        }
    }

    /// Whether digests of parts can be combined into the whole's: the cyclic codes can, hashes cannot.
    var isCombinable: Bool {
        switch self {
        case .crc32, .crc32c, .crc64nvme: true
        case .sha1, .sha256: false
        }
    }

    /// What a multipart upload gets that does not say: `crc64nvme` is only of whole objects.
    package var defaultType: ChecksumType { self == .crc64nvme ? .fullObject : .composite }

    /// Whether a multipart upload may ask for this combination.
    package func supports(_ type: ChecksumType) -> Bool {
        switch type {
        case .fullObject: isCombinable
        case .composite: self != .crc64nvme
        }
    }

    /// Parses a header's value, in either case.
    ///
    /// - Throws: `InvalidRequest`.
    package static func parse(_ text: String) throws(S3Error) -> ChecksumAlgorithm {
        guard let algorithm = ChecksumAlgorithm(rawValue: text.uppercased()) else {
            throw S3Error(
                .invalidRequest,
                "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
                    + "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
        }
        return algorithm
    }
}

/// What the checksum of a multipart object covers.
package enum ChecksumType: String, Hashable, Sendable {
    /// The object's bytes.
    case fullObject = "FULL_OBJECT"
    /// The digests of its parts.
    case composite = "COMPOSITE"

    /// - Throws: `InvalidRequest`.
    package static func parse(_ text: String) throws(S3Error) -> ChecksumType {
        guard let type = ChecksumType(rawValue: text.uppercased()) else {
            throw S3Error(.invalidRequest, "Value for x-amz-checksum-type header is invalid.")
        }
        return type
    }
}
