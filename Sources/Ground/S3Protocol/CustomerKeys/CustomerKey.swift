import Crypto
import Foundation
package import HTTPTypes

/// A key that the customer sends with every request of an object and S3 does not keep: SSE-C.
package struct CustomerKey: Hashable, Sendable {
    /// 32 bytes.
    let bytes: [UInt8]
    /// Base64 of the key's MD5, as the answer repeats it.
    package let md5Text: String

    private static let algorithmSuffix = "-algorithm"

    /// Parses the three headers that begin with `prefix`; nil without any of them.
    ///
    /// - Throws: `InvalidArgument` for one missing or wrong; `InvalidEncryptionAlgorithmError` for another algorithm.
    static func parse(_ headers: HTTPFields, prefix: String) throws(S3Error) -> CustomerKey? {
        let algorithm = headers[AmazonHeader.name(prefix + algorithmSuffix)]
        let key = headers[AmazonHeader.name(prefix + "-key")]
        let md5 = headers[AmazonHeader.name(prefix + "-key-md5")]
        guard algorithm != nil || key != nil || md5 != nil else { return nil }
        guard let algorithm else {
            throw S3Error(
                .invalidArgument,
                "Requests specifying Server Side Encryption with Customer provided keys must provide a valid "
                    + "encryption algorithm.")
        }
        guard algorithm == "AES256" else { throw S3Error(.invalidEncryptionAlgorithmError) }
        guard let key else {
            throw S3Error(
                .invalidArgument,
                "Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate "
                    + "secret key.")
        }
        guard let md5 else {
            throw S3Error(
                .invalidArgument,
                "Requests specifying Server Side Encryption with Customer provided keys must provide the client "
                    + "calculated MD5 of the secret key.")
        }
        guard let bytes = Data(base64Encoded: key), bytes.count == 32 else {
            throw S3Error(.invalidArgument, "The secret key was invalid for the specified algorithm.")
        }
        guard Data(base64Encoded: md5).map(Array.init) == Array(Insecure.MD5.hash(data: bytes)) else {
            throw S3Error(.invalidArgument, "The calculated MD5 hash of the key did not match the hash that was provided.")
        }
        return CustomerKey(bytes: Array(bytes), md5Text: md5)
    }

    /// What an object keeps of the key: enough to recognise it, and to derive the content's key with it again.
    ///
    /// - Parameter salt: 16 random bytes, new for every object.
    package func seal(salt: [UInt8]) -> SealedCustomerKey {
        precondition(salt.count == SealedCustomerKey.saltSize, "a salt has sixteen bytes")
        return SealedCustomerKey(salt: salt, proof: proof(salt: salt))
    }

    /// 32 bytes that only this key yields with this salt.
    func proof(salt: [UInt8]) -> [UInt8] { derive("storj s3 customer key proof", salt: salt) }

    /// 32 bytes: the key of an object's content.
    func contentKey(salt: [UInt8]) -> [UInt8] { derive("storj s3 customer key content", salt: salt) }

    private func derive(_ purpose: String, salt: [UInt8]) -> [UInt8] {
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: bytes), salt: salt, info: Array(purpose.utf8), outputByteCount: 32)
        return key.withUnsafeBytes { Array($0) }
    }
}

extension CustomerKey {
    /// The headers of an answer about an object under such a key.
    package var responseHeaders: HTTPFields { Self.responseHeaders(md5Text: md5Text) }

    static func responseHeaders(md5Text: String) -> HTTPFields {
        [
            AmazonHeader.name(RequestedEncryption.customerPrefix + algorithmSuffix): "AES256",
            AmazonHeader.name(RequestedEncryption.customerPrefix + "-key-md5"): md5Text,
        ]
    }
}
