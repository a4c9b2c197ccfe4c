import StorageModel

/// What an object keeps of the customer's key it was stored under.
package struct SealedCustomerKey: Hashable, Sendable {
    static let saltSize = 16

    /// 16 bytes, new for every object.
    let salt: [UInt8]
    /// 32 bytes by which the key is recognised.
    let proof: [UInt8]

    init(salt: [UInt8], proof: [UInt8]) {
        self.salt = salt
        self.proof = proof
    }

    /// Hexadecimal of both, as an object's metadata keeps it.
    package var text: String { Hexadecimal.encode(salt + proof) }

    /// Parses `text`; nil for anything else.
    package init?(text: String) {
        guard let bytes = Hexadecimal.decode(text), bytes.count == Self.saltSize + 32 else { return nil }
        salt = Array(bytes.prefix(Self.saltSize))
        proof = Array(bytes.dropFirst(Self.saltSize))
    }

    /// The cipher of the object's content.
    ///
    /// - Throws: `InvalidRequest` without the key; `InvalidRequest` for another key than the object's.
    package func open(_ key: CustomerKey?) throws(S3Error) -> ContentCipher {
        guard let key else {
            throw S3Error(
                .invalidRequest,
                "The object was stored using a form of Server Side Encryption. The correct parameters must be provided "
                    + "to retrieve the object.")
        }
        guard ConstantTime.equal(key.proof(salt: salt), proof) else {
            throw S3Error(
                .invalidRequest,
                "The provided encryption parameters did not match the ones used originally.")
        }
        return ContentCipher(key: key.contentKey(salt: salt))
    }

    /// Refuses a key that was sent for an object without one.
    ///
    /// - Throws: `InvalidRequest`.
    package static func refuse(_ key: CustomerKey?) throws(S3Error) {
        guard key == nil else {
            throw S3Error(.invalidRequest, "The encryption parameters are not applicable to this object.")
        }
    }
}
