// The names are those of the golden data.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import TestSupport

/// The shape of `Vectors/access.json`.
struct AccessVectors: Decodable {
    struct Root: Decodable {
        let argon2_parallelism: Int
        let passphrase_utf8: String
        let path_utf8: String
        let root_key_hex: HexBytes
        let salt_hex: HexBytes
    }
    struct Grant: Decodable {
        let name: String
        let grant: String
        let satellite_address: String
        let parent: String?
        let share_prefixes: [Prefix]?
        let override: Override?
        let api_key: Key
        let encryption_access: Access
    }
    struct Prefix: Decodable {
        let bucket: String
        let prefix: String
    }
    struct Override: Decodable {
        let argon2_parallelism: Int
        let bucket: String
        let passphrase: String
        let prefix: String
        let salt_hex: HexBytes
    }
    struct Key: Decodable {
        let raw_hex: HexBytes
        let caveats: [CaveatBytes]?
    }
    struct CaveatBytes: Decodable {
        let bytes_hex: HexBytes
    }
    struct Access: Decodable {
        let default_key_hex: HexBytes?
        let default_path_cipher: Int
        let store_entries: [Entry]?
    }
    struct Entry: Decodable {
        let bucket: String
        let encrypted_path_hex: HexBytes
        let key_hex: HexBytes
        let path_cipher: Int
        let unencrypted_path: String
    }
    struct Malformed: Decodable {
        let string: String
    }

    let roots: [Root]
    let grants: [Grant]
    let malformed: [Malformed]

    static func load() throws -> AccessVectors { try Vectors.decode(AccessVectors.self, from: "access.json") }
}
