import Crypto
import Identity
import StorageModel
import TestSupport
import Testing

@Suite struct PeerIdentityTests {
    let vectors: IdentityVectors

    init() throws { vectors = try IdentityVectors.load() }

    @Test func `every identity made upstream verifies and has its node id`() throws {
        for vector in vectors.identities {
            let chain = try CertificateChain(certificates: vector.chain.map(\.der_hex.bytes))
            let peer = try PeerIdentity(chain: chain)
            #expect(peer.id.bytes == vector.node_id_hex.bytes, "\(vector.name)")
            #expect(peer.id.description == vector.node_id_string)
            #expect(peer.id.difficulty == vector.difficulty)
            try peer.verify(is: peer.id)
        }
        #expect(vectors.identities.count == 6)
    }

    @Test func `a chain survives concatenation and its bytes are upstream's`() throws {
        for vector in vectors.identities {
            let peer = try PeerIdentity(chain: CertificateChain(certificates: vector.chain.map(\.der_hex.bytes)))
            #expect(Array(SHA256.hash(data: peer.concatenated)) == vector.encoded_peer_identity_sha256.bytes)
            #expect(try PeerIdentity(concatenated: peer.concatenated) == peer)
        }
    }

    @Test func `a leaf that is not signed by the authority beside it is refused`() throws {
        let negative = try #require(vectors.negative.first)
        let chain = try CertificateChain(certificates: negative.chain_der_hex.map(\.bytes))
        #expect(throws: IdentityError.wrongSignature(index: 0)) { try PeerIdentity(chain: chain) }
    }

    @Test func `an upstream signature verifies and any change of it or of the message does not`() throws {
        for vector in vectors.identities {
            let peer = try PeerIdentity(chain: CertificateChain(certificates: vector.chain.map(\.der_hex.bytes)))
            let message = Array(vector.leaf_signature.message_utf8.utf8)
            let signature = vector.leaf_signature.ecdsa_der_sig_hex.bytes
            #expect(peer.isValidSignature(signature, for: message))
            #expect(!peer.isValidSignature(signature, for: message + [0]))
            #expect(!peer.isValidSignature([], for: message))
            for index in signature.indices {
                var changed = signature
                changed[index] ^= 1
                #expect(!peer.isValidSignature(changed, for: message))
                #expect(!peer.isValidSignature(Array(signature.prefix(index)), for: message))
            }
        }
    }

    @Test func `another node's chain is a clear error that names both ids`() throws {
        let peers = try vectors.identities.map {
            try PeerIdentity(chain: CertificateChain(certificates: $0.chain.map(\.der_hex.bytes)))
        }
        #expect(throws: IdentityError.wrongNodeID(expected: peers[1].id, actual: peers[0].id)) {
            try peers[0].verify(is: peers[1].id)
        }
    }

    @Test func `an ordinary leaf cannot stand in for the authority`() throws {
        // The leaf of an identity signs a second leaf: every signature is right, and certificate 1 is no authority.
        let random = RandomSource.seeded(7)
        let real = NodeIdentity.generate(random: random)
        let impostor = try CertificateAuthority(certificatePEM: real.certificatePEM, keyPEM: real.keyPEM)
        let identity = impostor.issueIdentity(random: random)
        #expect(throws: IdentityError.notAnAuthority) { try identity.peer.verify(is: identity.id) }
    }

    @Test func `no truncation and no changed bit of a chain crashes or keeps the identity`() throws {
        let vector = vectors.identities[0]
        let bytes = try CertificateChain(certificates: vector.chain.map(\.der_hex.bytes)).concatenated
        let original = try PeerIdentity(concatenated: bytes)
        for count in 0..<bytes.count {
            #expect(throws: IdentityError.self) { try PeerIdentity(concatenated: Array(bytes.prefix(count))) }
        }
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1 << UInt8(index % 8)
            // Only bits outside both signed bodies can change without breaking a signature: the outer algorithm
            // identifiers, which nobody reads. The identity is then the same.
            if let peer = try? PeerIdentity(concatenated: changed) { #expect(peer.id == original.id) }
        }
    }

    @Test func `too many, too few and too long certificates are refused before they are parsed`() throws {
        let one = vectors.identities[0].chain[0].der_hex.bytes
        #expect(throws: IdentityError.wrongCertificateCount(1)) { try CertificateChain(certificates: [one]) }
        #expect(throws: IdentityError.wrongCertificateCount(9)) {
            try CertificateChain(concatenated: Array([[UInt8]](repeating: one, count: 9).joined()))
        }
        #expect(throws: IdentityError.chainTooLong(40_000)) {
            try CertificateChain(concatenated: [UInt8](repeating: 0x30, count: 40_000))
        }
    }

    @Test func `random bytes are never an identity`() {
        let random = RandomSource.seeded(11)
        for count in 1..<600 {
            var bytes = random.bytes(count: count)
            // Most of them claim to be one SEQUENCE of the right length.
            if count >= 4 {
                let rest = count - 4
                bytes.replaceSubrange(0..<4, with: [0x30, 0x82, UInt8(rest / 256), UInt8(rest % 256)])
            }
            #expect(throws: IdentityError.self) { try PeerIdentity(concatenated: bytes) }
        }
    }
}
