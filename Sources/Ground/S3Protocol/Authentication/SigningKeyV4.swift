import Crypto
import StorageModel

/// The key of one day, region and service that a secret yields, with the date and scope its strings to sign carry.
///
/// - Source: AWS Signature Version 4: `HMAC(HMAC(HMAC(HMAC("AWS4" + secret, day), region), service), "aws4_request")`.
struct SigningKeyV4: Sendable {
    private let key: SymmetricKey
    /// `20261123T050000Z`
    let date: String
    /// `20261123/us-east-1/s3/aws4_request`
    let scope: String

    init(secret: String, scope: CredentialScope, date: String) {
        var key = SymmetricKey(data: Array("AWS4\(secret)".utf8))
        for part in [scope.day, scope.region, scope.service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        self.key = key
        self.date = date
        self.scope = scope.text
    }

    /// 32 bytes: the signature of a canonical request's hash.
    func signature(ofRequest canonicalRequest: [UInt8]) -> [UInt8] {
        signature(algorithm: "AWS4-HMAC-SHA256", lines: [Hexadecimal.encode(SHA256.hash(data: canonicalRequest))])
    }

    /// 32 bytes: the signature of a string to sign with these lines behind date and scope.
    func signature(algorithm: String, lines: [String]) -> [UInt8] {
        let text = ([algorithm, date, scope] + lines).joined(separator: "\n")
        return sign(Array(text.utf8))
    }

    /// 32 bytes: the HMAC of any bytes, as a POST policy is signed.
    func sign(_ bytes: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
    }
}
