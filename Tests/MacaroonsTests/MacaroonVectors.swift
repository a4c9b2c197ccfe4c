// The names are those of the golden data.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Macaroons
import StorageModel
import TestSupport

/// The shape of `Vectors/macaroon.json`.
struct MacaroonVectors: Decodable {
    struct Key: Decodable {
        let name: String
        let head_hex: HexBytes
        let secret_hex: HexBytes
        let raw_hex: HexBytes
        let string: String
        let tail_hex: HexBytes
        let tails_hex: [HexBytes]
        let caveats: [CaveatBytes]?
        let allowed_buckets: Buckets
    }
    struct CaveatBytes: Decodable {
        let bytes_hex: HexBytes
        let fields: Fields
    }
    struct Fields: Decodable {
        let nonce_hex: HexBytes?
        let allowed_paths: [Path]?
        let not_after: Moment?
        let not_before: Moment?
        let max_object_ttl_nanoseconds: Int64?
    }
    struct Path: Decodable {
        let bucket_hex: HexBytes
        let encrypted_path_prefix_hex: HexBytes
    }
    struct Moment: Decodable {
        let unix_seconds: Int64
        let nanos: Int32
    }
    struct Buckets: Decodable {
        let all: Bool
        let buckets: [String]?
    }
    struct Check: Decodable {
        let key: String
        let secret_hex: HexBytes
        let op: Int
        let bucket_hex: HexBytes
        let encrypted_path_hex: HexBytes
        let time_unix: Int64
        let key_version: UInt32
        let revoked_tails_hex: [HexBytes]?
        let result: String
    }
    struct ParseCase: Decodable {
        let name: String
        let raw_hex: HexBytes
        let error: String?
    }

    let keys: [Key]
    let checks: [Check]
    let parse_cases: [ParseCase]

    static func load() throws -> MacaroonVectors {
        try Vectors.decode(MacaroonVectors.self, from: "macaroon.json")
    }
}
