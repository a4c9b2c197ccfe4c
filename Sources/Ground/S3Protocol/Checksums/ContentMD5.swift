import Foundation
package import HTTPTypes

/// The header `Content-MD5`.
package enum ContentMD5 {
    /// The digest it declares, 16 bytes; nil without the header.
    ///
    /// - Throws: `InvalidDigest` when it is no base64 of 16 bytes.
    package static func declared(in headers: HTTPFields) throws(S3Error) -> [UInt8]? {
        guard let text = headers[AmazonHeader.contentMD5] else { return nil }
        guard let digest = Data(base64Encoded: text), digest.count == 16 else {
            throw S3Error(.invalidDigest, "The Content-MD5 you specified was invalid.")
        }
        return Array(digest)
    }
}
