import TestSupport

/// The shape of `identity.json`, as far as these tests read it.
struct IdentityVectors: Decodable {
    struct Certificate: Decodable {
        let der_hex: HexBytes
        let pem: String
        let spki_der_hex: HexBytes
    }

    struct Signature: Decodable {
        let ecdsa_der_sig_hex: HexBytes
        let message_utf8: String
    }

    struct Identity: Decodable {
        let name: String
        let chain: [Certificate]
        let chain_verifies: Bool
        let difficulty: Int
        let node_id_hex: HexBytes
        let node_id_string: String
        let identity_cert_pem: String
        let identity_key_pem: String
        let ca_cert_pem: String
        let ca_key_pem: String
        let encoded_peer_identity_sha256: HexBytes
        let leaf_signature: Signature
    }

    struct Negative: Decodable {
        let name: String
        let chain_der_hex: [HexBytes]
    }

    let identities: [Identity]
    let negative: [Negative]

    static func load() throws -> IdentityVectors {
        try Vectors.decode(IdentityVectors.self, from: "identity.json")
    }
}
