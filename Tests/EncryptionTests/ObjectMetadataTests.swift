import Encryption
import StorageModel
import TestSupport
import Testing

@Suite struct ObjectMetadataTests {
    @Test func `metadata seals to the reference's bytes and opens from the satellite's reply`() throws {
        for golden in try ContentVectors.load().metadata {
            let content = try #require(EncryptionKey(golden.derived_content_key_hex.bytes))
            let key = try #require(EncryptionKey(golden.metadata_key_hex.bytes))
            let nonce = try #require(EncryptionNonce(golden.metadata_key_nonce_hex.bytes))
            let metadata = ObjectMetadata(
                segmentsSize: golden.segments_size, lastSegmentSize: golden.last_segment_size,
                userDefined: golden.user_defined ?? [:])
            let sealed = try metadata.sealed(
                suite: .aesGCM, contentKey: content, metadataKey: key, keyNonce: nonce,
                entityTag: Array(golden.object_etag_utf8.utf8))
            #expect(sealed.envelope == golden.committed_encrypted_metadata_hex.bytes)
            #expect(sealed.encryptedKey == golden.encrypted_metadata_key_hex.bytes)
            #expect(sealed.encryptedEntityTag == golden.encrypted_object_etag_hex.bytes)
            let opened = try ObjectMetadata(
                opening: golden.satellite_reply_stream_meta_hex.bytes, encryptedKey: sealed.encryptedKey,
                keyNonce: nonce, suite: .aesGCM, contentKey: content)
            #expect(opened == metadata)
        }
    }

    @Test func `another path's key, other bytes and no message are refused`() throws {
        let content = EncryptionKey.random(using: .seeded(1))
        let nonce = EncryptionNonce.random(using: .seeded(2))
        let sealed = try ObjectMetadata(segmentsSize: 1, lastSegmentSize: 2, userDefined: ["a": "b"]).sealed(
            suite: .aesGCM, contentKey: content, metadataKey: .random(using: .seeded(3)), keyNonce: nonce)
        #expect(sealed.encryptedEntityTag == [])
        func open(_ envelope: [UInt8], _ key: EncryptionKey) throws(EncryptionError) -> ObjectMetadata {
            try ObjectMetadata(
                opening: envelope, encryptedKey: sealed.encryptedKey, keyNonce: nonce, suite: .aesGCM, contentKey: key)
        }
        #expect(throws: EncryptionError.notAuthentic) { try open(sealed.envelope, .random(using: .seeded(4))) }
        #expect(throws: EncryptionError.notAuthentic) { try open(sealed.envelope.dropLast() + [0], content) }
        #expect(throws: EncryptionError.badMetadata) { try open([0xff], content) }
    }
}
