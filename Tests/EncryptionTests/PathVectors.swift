// The names are those of the golden data.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Encryption
import TestSupport

/// The shape of `Vectors/paths.json`.
struct PathVectors: Decodable {
    struct Derivation: Decodable {
        let key_hex: HexBytes
        let message_hex: HexBytes
        let derived_hex: HexBytes
    }
    struct Path: Decodable {
        let bucket: String
        let path_hex: HexBytes
        let path_key_hex: HexBytes
        let content_key_hex: HexBytes?
        let cipher: [String: Encrypted]?
    }
    struct Encrypted: Decodable {
        let encrypted_hex: HexBytes
        let encrypted_as_prefix_hex: HexBytes?
        let prefix_info: PrefixInfo
    }
    struct PrefixInfo: Decodable {
        let parent_enc_hex: HexBytes
        let parent_key_hex: HexBytes
        let parent_unenc: String
        let path_enc_hex: HexBytes
        let path_key_hex: HexBytes
    }
    struct Raw: Decodable {
        let cipher: Int
        let key_hex: HexBytes
        let raw_path_hex: HexBytes
        let encrypted_hex: HexBytes
    }
    struct Lookup: Decodable {
        let entries: [Entry]
        let queries: [Query]
    }
    struct Entry: Decodable {
        let bucket: String
        let unencrypted: String
        let encrypted: String
        let key_hex: HexBytes
        let path_cipher: Int
    }
    struct Query: Decodable {
        let bucket: String
        let path: String
        let encrypted_hex: HexBytes?
        let content_key_hex: HexBytes?
        let error: String?
    }
    struct Bypass: Decodable {
        let bypass_text: String
        let encrypted_hex: HexBytes
        let back_hex: HexBytes
    }

    let root_key_hex: HexBytes
    let derive_key: [Derivation]
    let paths: [Path]
    let raw_with_key: [Raw]
    let store_lookup: Lookup
    let bypass_base64url: Bypass

    static func load() throws -> PathVectors { try Vectors.decode(PathVectors.self, from: "paths.json") }

    /// The suite that the golden data calls so.
    static func suite(_ name: String) -> CipherSuite? {
        ["null": .null, "AES128-GCM": .aesGCM, "SecretBox": .secretBox][name]
    }
}
