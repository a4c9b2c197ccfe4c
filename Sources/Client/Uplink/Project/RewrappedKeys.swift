import Encryption
import Foundation
import StorageModel
import WireMessages

/// The encrypted keys of an object that is about to be copied or moved.
struct BegunCopy: Sendable {
    let suite: Metainfo_CipherSuite
    let metadataKey: Data
    let metadataKeyNonce: Data?
    let segmentKeys: [Metainfo_EncryptedKeyAndNonce]

    init(_ answer: Metainfo_BeginCopyObjectResponse) {
        suite = answer.encryptionParameters.cipherSuite
        metadataKey = answer.encryptedMetadataKey
        metadataKeyNonce = answer.hasEncryptedMetadataKeyNonce ? answer.encryptedMetadataKeyNonce : nil
        segmentKeys = answer.segmentKeys
    }

    init(_ answer: Metainfo_BeginMoveObjectResponse) {
        suite = answer.encryptionParameters.cipherSuite
        metadataKey = answer.encryptedMetadataKey
        metadataKeyNonce = answer.hasEncryptedMetadataKeyNonce ? answer.encryptedMetadataKeyNonce : nil
        segmentKeys = answer.segmentKeys
    }
}

/// The same keys encrypted for another place.
struct RewrappedKeys: Sendable {
    /// A key as it travels.
    struct MetadataKey: Sendable {
        let encrypted: Data
        let nonce: Data
    }

    /// Nil when the object has no metadata.
    let metadataKey: MetadataKey?
    /// One a segment, in the order received.
    let segmentKeys: [Metainfo_EncryptedKeyAndNonce]

    /// Decrypts every key with the source's and encrypts it with the target's.
    ///
    /// - Throws: `.notAuthentic` when a key does not decrypt; `.unsupportedCipher`.
    /// - Source: protocol document 2 §2.8: the metadata key keeps its nonce, segment keys get new ones.
    init(
        _ begun: BegunCopy, from source: EncryptionKey, to target: EncryptionKey, random: RandomSource
    ) throws(EncryptionError) {
        let suite: CipherSuite =
            switch begun.suite {
            case .null: .null
            case .secretBox: .secretBox
            case .aesGcm: .aesGCM
            case .unspecified, .UNRECOGNIZED: .unspecified
            }
        if begun.metadataKey.isEmpty {
            metadataKey = nil
        } else {
            let nonce = EncryptionNonce(begun.metadataKeyNonce ?? Data()) ?? EncryptionNonce()
            let key = try EncryptionKey(unwrapping: Array(begun.metadataKey), by: suite, key: source, nonce: nonce)
            metadataKey = MetadataKey(
                encrypted: Data(try key.wrapped(by: suite, key: target, nonce: nonce)), nonce: Data(nonce.bytes))
        }
        var rewrapped: [Metainfo_EncryptedKeyAndNonce] = []
        rewrapped.reserveCapacity(begun.segmentKeys.count)
        for segment in begun.segmentKeys {
            let nonce = EncryptionNonce(segment.encryptedKeyNonce) ?? EncryptionNonce()
            let key = try EncryptionKey(
                unwrapping: Array(segment.encryptedKey), by: suite, key: source, nonce: nonce)
            let newNonce = EncryptionNonce.random(using: random)
            var message = Metainfo_EncryptedKeyAndNonce()
            message.position = segment.position
            message.encryptedKey = Data(try key.wrapped(by: suite, key: target, nonce: newNonce))
            message.encryptedKeyNonce = Data(newNonce.bytes)
            rewrapped.append(message)
        }
        segmentKeys = rewrapped
    }
}

extension Project {
    /// The keys of a copy or move, encrypted for the target.
    ///
    /// - Throws: `UplinkError`.
    func rewrap(
        _ begun: BegunCopy, from source: ObjectAddress, to target: ObjectAddress, _ subject: CallSubject
    ) throws(UplinkError) -> RewrappedKeys {
        guard begun.segmentKeys.count <= settings.maximumSegmentCount else {
            throw .badAnswer("\(begun.segmentKeys.count) segments are too many", about: subject)
        }
        do {
            return try RewrappedKeys(begun, from: source.contentKey, to: target.contentKey, random: random)
        } catch {
            throw .unreadable(source, error)
        }
    }

    /// Gives a copy other metadata than its source has: sizes and entity tag stay.
    func override(
        _ metadata: [String: String], of source: ObjectAddress, version: ObjectVersion?, at target: ObjectAddress,
        in request: inout Metainfo_FinishCopyObjectRequest
    ) async throws {
        let message = try await find(source, version: version, .copyObject)
        let sealed: ObjectMetadata.Sealed
        do {
            sealed = try SealedMetadata(message).replaced(
                by: metadata, from: source.contentKey, to: target.contentKey, suite: message.contentSuite,
                random: random)
        } catch {
            throw UplinkError.unreadable(source, error)
        }
        request.overrideMetadata = true
        request.newEncryptedMetadata = Data(sealed.envelope)
        request.newEncryptedMetadataKey = Data(sealed.encryptedKey)
        request.newEncryptedMetadataKeyNonce = Data(sealed.keyNonce.bytes)
        request.newEncryptedEtag = Data(sealed.encryptedEntityTag)
    }
}
