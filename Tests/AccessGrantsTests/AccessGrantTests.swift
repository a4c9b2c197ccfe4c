import AccessGrants
import Encryption
import Macaroons
import StorageModel
import TestSupport
import Testing

@Suite struct AccessGrantTests {
    private let vectors: AccessVectors

    init() throws { vectors = try AccessVectors.load() }

    @Test func `passphrases give the reference's root keys`() throws {
        for golden in vectors.roots {
            let key = try EncryptionKey.root(
                passphrase: Array(golden.passphrase_utf8.utf8), salt: golden.salt_hex.bytes,
                path: Array(golden.path_utf8.utf8), parallelism: golden.argon2_parallelism)
            #expect(key.bytes == golden.root_key_hex.bytes)
        }
    }

    private func expectContents(_ grant: AccessGrant, of golden: AccessVectors.Grant) throws {
        #expect(grant.satelliteAddress == golden.satellite_address)
        #expect(grant.apiKey.serialized == golden.api_key.raw_hex.bytes)
        let access = golden.encryption_access
        #expect(grant.encryption.defaultKey?.bytes == access.default_key_hex?.bytes)
        #expect(grant.encryption.defaultPathCipher.rawValue == access.default_path_cipher)
        let expected = try (access.store_entries ?? []).map { entry in
            EncryptionStore.Entry(
                bucket: Array(entry.bucket.utf8), unencryptedPath: UnencryptedPath(entry.unencrypted_path),
                encryptedPath: EncryptedPath(bytes: entry.encrypted_path_hex.bytes),
                key: try #require(EncryptionKey(entry.key_hex.bytes)),
                pathCipher: try #require(CipherSuite(rawValue: entry.path_cipher)))
        }
        #expect(Set(grant.encryption.entries) == Set(expected))
    }

    @Test func `grants of the reference are read in full and survive our text`() throws {
        #expect(vectors.grants.count == 13)
        for golden in vectors.grants {
            let grant = try AccessGrant(text: golden.grant)
            try expectContents(grant, of: golden)
            #expect(try AccessGrant(text: grant.text) == grant)
            if golden.encryption_access.store_entries == nil { #expect(grant.text == golden.grant) }
        }
    }

    @Test func `shares reach what the reference's shares reach`() throws {
        for golden in vectors.grants {
            guard let name = golden.parent, golden.override == nil else { continue }
            let parent = try AccessGrant(text: try #require(vectors.grants.first { $0.name == name }).grant)
            let prefixes = (golden.share_prefixes ?? []).map {
                SharePrefix(bucket: Array($0.bucket.utf8), prefix: UnencryptedPath($0.prefix))
            }
            let bytes = try #require(golden.api_key.caveats?.last).bytes_hex.bytes
            let caveat = try Caveat(encoded: bytes)
            let share = try parent.shared(permission(of: caveat), prefixes: prefixes, random: .seeded(1))
            let reference = try AccessGrant(text: golden.grant)
            #expect(share.encryption.defaultKey == reference.encryption.defaultKey)
            #expect(Set(share.encryption.entries) == Set(reference.encryption.entries), "\(golden.name)")
            var ours = try Caveat(encoded: try #require(share.apiKey.caveats.last))
            #expect(ours.nonce.count == 4)
            ours.nonce = caveat.nonce
            #expect(ours.encoded == bytes, "\(golden.name)")
        }
    }

    private func permission(of caveat: Caveat) -> SharePermission {
        SharePermission(
            download: !caveat.disallowed.contains(.reads), upload: !caveat.disallowed.contains(.writes),
            list: !caveat.disallowed.contains(.lists), delete: !caveat.disallowed.contains(.deletes),
            lock: !caveat.disallowed.contains(.locks), notBefore: caveat.notBefore, notAfter: caveat.notAfter,
            maximumObjectTTL: caveat.maximumObjectTTL)
    }

    @Test func `another key for a prefix is stored as the reference stores it`() throws {
        let golden = try #require(vectors.grants.first { $0.override != nil })
        let override = try #require(golden.override)
        let parent = try AccessGrant(text: try #require(vectors.grants.first { $0.name == golden.parent }).grant)
        let key = try EncryptionKey.root(
            passphrase: Array(override.passphrase.utf8), salt: override.salt_hex.bytes,
            parallelism: override.argon2_parallelism)
        let grant = try parent.overriding(
            key: key,
            under: SharePrefix(bucket: Array(override.bucket.utf8), prefix: UnencryptedPath(override.prefix)))
        try expectContents(grant, of: golden)
        #expect(grant.text == golden.grant)
    }

    @Test func `texts that are no grants are refused`() throws {
        for golden in vectors.malformed {
            #expect(throws: AccessGrantError.self) { try AccessGrant(text: golden.string) }
        }
        let text = try #require(vectors.grants.first).grant
        for count in 0..<text.count {
            #expect(throws: AccessGrantError.malformed) { try AccessGrant(text: String(text.prefix(count))) }
        }
    }

    @Test func `a share cannot reach beyond the grant, nor allow nothing`() throws {
        let golden = try #require(vectors.grants.first { $0.name == "ro-prefix" })
        let grant = try AccessGrant(text: golden.grant)
        let outside = SharePrefix(bucket: Array("photos".utf8), prefix: UnencryptedPath("2025/"))
        #expect(throws: AccessGrantError.encryption(.missingEncryptionBase)) {
            try grant.shared(.readOnly, prefixes: [outside], random: .seeded(1))
        }
        #expect(throws: AccessGrantError.emptyPermission) {
            try grant.shared(SharePermission(), random: .seeded(1))
        }
        let late = SharePermission(
            download: true, notBefore: Timestamp(microseconds: 2), notAfter: Timestamp(microseconds: 1))
        #expect(throws: AccessGrantError.emptyPermission) { try grant.shared(late, random: .seeded(1)) }
    }
}
