import Foundation
import Metabase
import WireMessages

/// What a request says about an object besides its content, all of it encrypted.
///
/// - Source: protocol document 2 §3.4.
struct RequestMetadata: Hashable, Sendable {
    /// Bytes of an encrypted metadata key.
    static let keyLength = 48
    /// Bytes of a nonce.
    static let nonceLength = 24

    var data: [UInt8]
    /// Nil when unset, which the wire also writes as 24 zero bytes.
    var nonce: [UInt8]?
    var key: [UInt8]
    var etag: [UInt8]

    var isEmpty: Bool { data.isEmpty && etag.isEmpty }

    /// The form in which it is stored.
    var stored: ObjectMetadata {
        ObjectMetadata(encrypted: data, nonce: nonce ?? [], encryptedKey: key, encryptedETag: etag)
    }

    init(data: Data, nonce: Data?, key: Data, etag: Data) throws {
        self.data = Array(data)
        self.nonce = try Self.nonce(nonce)
        self.key = Array(key)
        self.etag = Array(etag)
    }

    /// Reads a nonce field: absent or zero is nil, another length than 24 is no message at all.
    static func nonce(_ field: Data?) throws -> [UInt8]? {
        guard let field else { return nil }
        guard field.count == nonceLength else {
            let problem = field.count < nonceLength ? "not enough bytes to make a nonce" : "too many bytes for a nonce"
            throw Refusal.undecodable("nonce: \(problem); have \(field.count), need \(nonceLength)")
        }
        return field.allSatisfy { $0 == 0 } ? nil : Array(field)
    }

    /// Refuses what is too large or cannot be read again by the client.
    ///
    /// - Parameter dropsKeyWithoutData: whether a nonce and key with nothing to encrypt are forgotten instead, as
    ///   committing an object does.
    mutating func validate(_ settings: MetainfoSettings, dropsKeyWithoutData: Bool = false) throws {
        let size = data.count + etag.count
        guard size <= settings.maximumMetadataSize else {
            let maximum = HumanText.size(Int64(settings.maximumMetadataSize))
            throw Refusal.invalid(
                "Encrypted metadata is too large, got \(HumanText.size(Int64(size))), maximum allowed is \(maximum)")
        }
        guard key.isEmpty || key.count == Self.keyLength else {
            throw Refusal.invalid(
                "Encrypted metadata key size is invalid, got \(key.count), expected \(Self.keyLength)")
        }
        if isEmpty {
            if dropsKeyWithoutData { (nonce, key) = (nil, []) }
            guard nonce == nil, key.isEmpty else { throw Refusal.invalid(Self.keyWithoutData) }
        } else {
            guard nonce != nil, !key.isEmpty else { throw Refusal.invalid(Self.dataWithoutKey) }
        }
        guard (try? Stream_StreamMeta.parse(data)) != nil else {
            // Why it cannot be read is the client's matter; that it cannot is ours, since every answer rewrites it.
            throw Refusal.invalid("encrypted metadata is not a stream description")
        }
    }

    /// Refuses a key of another length, or one without its nonce.
    func validateKey() throws {
        guard key.isEmpty || key.count == Self.keyLength else {
            throw Refusal.invalid(
                "Encrypted metadata key size is invalid, got \(key.count), expected \(Self.keyLength)")
        }
        guard key.isEmpty == (nonce == nil) else { throw Refusal.invalid(Self.dataWithoutKey) }
    }

    private static let keyWithoutData =
        "invalid request: EncryptedMetadataNonce and EncryptedMetadataEncryptedKey must be empty when "
        + "EncryptedMetadata, EncryptedETag, and Checksum.EncryptedValue are empty"
    private static let dataWithoutKey =
        "invalid request: EncryptedMetadataNonce and EncryptedMetadataEncryptedKey must be set when "
        + "EncryptedMetadata, EncryptedETag, or Checksum.EncryptedValue are set"
}
