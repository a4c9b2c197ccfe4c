package import HTTPTypes

/// The names of S3's own headers that signatures and bodies use.
package enum AmazonHeader {
    package static let date = name("x-amz-date")
    package static let contentSHA256 = name("x-amz-content-sha256")
    package static let decodedLength = name("x-amz-decoded-content-length")
    package static let trailer = name("x-amz-trailer")
    package static let trailerSignature = name("x-amz-trailer-signature")
    package static let checksumAlgorithm = name("x-amz-checksum-algorithm")
    package static let sdkChecksumAlgorithm = name("x-amz-sdk-checksum-algorithm")
    package static let checksumType = name("x-amz-checksum-type")
    package static let contentMD5 = name("content-md5")
    package static let copySource = name("x-amz-copy-source")

    /// A name that is written here and therefore one.
    static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("a header's name must be a token") }
        return name
    }
}
