import Foundation
import Identity
import StorageModel
import SwiftASN1
import TestSupport
import Testing
import X509

@Suite struct NodeIdentityTests {
    @Test func `upstream's identity files are read, and what is written reads the same`() throws {
        for vector in try IdentityVectors.load().identities {
            let identity = try NodeIdentity(certificatePEM: vector.identity_cert_pem, keyPEM: vector.identity_key_pem)
            #expect(identity.id.bytes == vector.node_id_hex.bytes)
            #expect(identity.certificatePEM == vector.identity_cert_pem)
            let again = try NodeIdentity(certificatePEM: identity.certificatePEM, keyPEM: identity.keyPEM)
            #expect(again.peer == identity.peer)
            let message = Array("message".utf8)
            #expect(identity.peer.isValidSignature(again.sign(message), for: message))
        }
    }

    @Test func `upstream's authority files are read and issue identities of the same id`() throws {
        for vector in try IdentityVectors.load().identities {
            let authority = try CertificateAuthority(certificatePEM: vector.ca_cert_pem, keyPEM: vector.ca_key_pem)
            #expect(authority.id.bytes == vector.node_id_hex.bytes)
            let identity = authority.issueIdentity(random: .seeded(3))
            #expect(identity.id == authority.id)
            try identity.peer.verify(is: authority.id)
        }
    }

    @Test func `a key in SEC1 form is accepted`() throws {
        // Made by `openssl ecparam -name prime256v1 -genkey`, which has no certificate: the mismatch comes later
        // than the parsing of the key.
        let key = """
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIPgDTgIzq5j9WbthIN9q1rQbRpNBcNThTI+xEW9+2xmEoAoGCCqGSM49
            AwEHoUQDQgAEkHMc7EJRgofs7BJVRISBijeQ2PyRJ7gnV0xtJzg9jpjFtuYVpKoG
            eBjQlna3OhGYWxRkx93LWEiQlp1HtEP9Vg==
            -----END EC PRIVATE KEY-----
            """
        let vector = try #require(try IdentityVectors.load().identities.first)
        #expect(throws: IdentityError.keyMismatch) {
            try NodeIdentity(certificatePEM: vector.identity_cert_pem, keyPEM: key)
        }
    }

    @Test func `a key of another identity, no key and no certificate are refused`() throws {
        let vectors = try IdentityVectors.load().identities
        #expect(throws: IdentityError.keyMismatch) {
            try NodeIdentity(certificatePEM: vectors[0].identity_cert_pem, keyPEM: vectors[1].identity_key_pem)
        }
        #expect(throws: IdentityError.malformedKey) {
            try NodeIdentity(certificatePEM: vectors[0].identity_cert_pem, keyPEM: vectors[0].identity_cert_pem)
        }
        #expect(throws: IdentityError.malformedPEM) {
            try NodeIdentity(certificatePEM: "", keyPEM: vectors[0].identity_key_pem)
        }
        #expect(throws: IdentityError.malformedPEM) {
            try NodeIdentity(certificatePEM: vectors[0].identity_key_pem, keyPEM: vectors[0].identity_key_pem)
        }
    }

    @Test func `a generated identity has upstream's fields and extensions`() throws {
        for seed in 0..<20 as Range<UInt64> {
            let identity = NodeIdentity.generate(random: .seeded(seed))
            let certificates = try identity.chain.certificates.map { try Certificate(derEncoded: $0) }
            let upstream = try IdentityVectors.load().identities[0].chain.map {
                try Certificate(derEncoded: $0.der_hex.bytes)
            }
            #expect(certificates.count == 2)
            for (ours, theirs) in zip(certificates, upstream) {
                #expect(ours.version == .v3)
                #expect(ours.subject == theirs.subject)
                #expect(ours.issuer == theirs.issuer)
                #expect(ours.notValidBefore == theirs.notValidBefore)
                #expect(ours.notValidAfter == theirs.notValidAfter)
                #expect(ours.signatureAlgorithm == theirs.signatureAlgorithm)
                #expect(ours.extensions.map(\.oid) == theirs.extensions.map(\.oid))
                #expect(ours.extensions.map(\.critical) == theirs.extensions.map(\.critical))
                for (left, right) in zip(ours.extensions, theirs.extensions) {
                    // The subject key id is a hash of the key: same length, other bytes.
                    let isKeyID = left.oid == .X509ExtensionID.subjectKeyIdentifier
                    #expect(isKeyID ? left.value.count == right.value.count : left.value == right.value)
                }
            }
            #expect(certificates[1].publicKey.isValidSignature(certificates[0].signature, for: certificates[0]))
            #expect(certificates[1].publicKey.isValidSignature(certificates[1].signature, for: certificates[1]))
        }
    }

    @Test func `a search finds the difficulty asked for and stays inside its attempts`() throws {
        let random = RandomSource.seeded(5)
        var found: CertificateAuthority?
        while found == nil {
            found = try CertificateAuthority.generate(difficulty: 14, maximumAttempts: 16, random: random)
        }
        let authority = try #require(found)
        #expect(authority.id.difficulty >= 14)
        #expect(authority.issueIdentity(random: random).id == authority.id)
        #expect(try CertificateAuthority.generate(difficulty: 64, maximumAttempts: 10, random: random) == nil)
        #expect(try CertificateAuthority.generate(difficulty: 0, maximumAttempts: 1, random: random) != nil)
    }

    @Test func `a cancelled search stops`() async {
        let search = Task {
            try CertificateAuthority.generate(difficulty: 64, maximumAttempts: .max, random: .seeded(1)) == nil
        }
        search.cancel()
        await #expect(throws: IdentityError.cancelled) { try await search.value }
    }
}
