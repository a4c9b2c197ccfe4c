// The names are those of the golden data.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import TestSupport

/// The shape of `Vectors/content.json`.
struct ContentVectors: Decodable {
    struct OneShot: Decodable {
        let cipher: Int
        let key_hex: HexBytes
        let nonce_hex: HexBytes
        let plain_hex: HexBytes
        let cipher_hex: HexBytes
    }
    struct WrappedKey: Decodable {
        let cipher: Int
        let content_key_hex: HexBytes
        let derived_key_hex: HexBytes
        let encrypted_key_hex: HexBytes
        let key_nonce_hex: HexBytes
    }
    struct Size: Decodable {
        let plain: Int64
        let encrypted: Int64
    }
    struct Increment: Decodable {
        let start_hex: HexBytes
        let amount: UInt64
        let result_hex: HexBytes
    }
    struct SegmentNonce: Decodable {
        let part_number: Int32
        let index: Int32
        let nonce_hex: HexBytes
    }
    struct Inline: Decodable {
        let content_key_hex: HexBytes
        let encrypted_inline_hex: HexBytes
        let nonce_hex: HexBytes
        let plain_hex: HexBytes
    }
    struct EntityTag: Decodable {
        let content_key_hex: HexBytes
        let encrypted_etag_hex: HexBytes
        let etag_key_hex: HexBytes
        let etag_utf8: String
    }
    struct Segment: Decodable {
        let cipher: Int
        let encrypted_len: Int
        let encrypted_sha256: HexBytes
        let encrypted_hex: HexBytes?
        let encryption_block_size: Int
        let plain_block_size: Int
        let plain_len: Int
        let part_number: Int32
        let index: Int32
        let key_hex: HexBytes
        let starting_nonce_hex: HexBytes

        /// The content that the golden data describes by a rule.
        var plain: [UInt8] { (0..<plain_len).map { UInt8(truncatingIfNeeded: $0 * 7 + 13) } }
    }
    struct Metadata: Decodable {
        let committed_encrypted_metadata_hex: HexBytes
        let derived_content_key_hex: HexBytes
        let encrypted_metadata_key_hex: HexBytes
        let encrypted_object_etag_hex: HexBytes
        let last_segment_size: Int64
        let metadata_key_hex: HexBytes
        let metadata_key_nonce_hex: HexBytes
        let object_etag_utf8: String
        let satellite_reply_stream_meta_hex: HexBytes
        let segments_size: Int64
        let user_defined: [String: String]?
    }

    let encrypt: [OneShot]
    let encrypt_key: [WrappedKey]
    let encrypted_sizes_aesgcm_7424: [Size]
    let increment: [Increment]
    let segment_nonces: [SegmentNonce]
    let inline: Inline
    let segment_etag: EntityTag
    let segments: [Segment]
    let metadata: [Metadata]

    static func load() throws -> ContentVectors { try Vectors.decode(ContentVectors.self, from: "content.json") }
}
