import Encryption
import StorageModel
import TestSupport
import Testing

@Suite struct EncryptionStoreTests {
    private let vectors: PathVectors
    private let root: EncryptionKey

    init() throws {
        vectors = try PathVectors.load()
        root = try #require(EncryptionKey(vectors.root_key_hex.bytes))
    }

    @Test func `keys derive as the reference's`() throws {
        for golden in vectors.derive_key {
            let key = try #require(EncryptionKey(golden.key_hex.bytes))
            #expect(key.derived(golden.message_hex.bytes).bytes == golden.derived_hex.bytes)
        }
    }

    @Test func `paths encrypt to the reference's bytes with every cipher, and back`() throws {
        var count = 0
        for golden in vectors.paths {
            let bucket = Array(golden.bucket.utf8)
            let path = UnencryptedPath(bytes: golden.path_hex.bytes)
            for (name, encrypted) in golden.cipher ?? [:] {
                let suite = try #require(PathVectors.suite(name))
                let store = EncryptionStore(defaultKey: root, defaultPathCipher: suite)
                #expect(try store.encrypt(path, in: bucket).bytes == encrypted.encrypted_hex.bytes)
                #expect(try store.decrypt(EncryptedPath(bytes: encrypted.encrypted_hex.bytes), in: bucket) == path)
                if let prefix = encrypted.encrypted_as_prefix_hex {
                    #expect(try store.encrypt(prefix: path, in: bucket).bytes == prefix.bytes)
                }
                count += 1
            }
        }
        #expect(count == 66)
    }

    @Test func `a path's parent has the reference's key and encryption`() throws {
        for golden in vectors.paths {
            let bucket = Array(golden.bucket.utf8)
            for (name, encrypted) in golden.cipher ?? [:] {
                let store = EncryptionStore(defaultKey: root, defaultPathCipher: try #require(PathVectors.suite(name)))
                let components = UnencryptedPath(bytes: golden.path_hex.bytes).components
                let parent = UnencryptedPath(components: components.dropLast())
                let info = encrypted.prefix_info
                // One empty component is written like none: its key is that of the component.
                var cipher = try store.cipher(below: UnencryptedPath(bytes: []), in: bucket)
                for component in components.dropLast() { _ = try cipher.encrypt(component: component) }
                #expect(cipher.key.bytes == info.parent_key_hex.bytes)
                #expect(parent.bytes == Array(info.parent_unenc.utf8) || parent.bytes.contains { $0 > 127 })
            }
        }
    }

    @Test func `path and content keys are the reference's, whatever the cipher`() throws {
        for golden in vectors.paths {
            let store = EncryptionStore(defaultKey: root, defaultPathCipher: .null)
            let path = UnencryptedPath(bytes: golden.path_hex.bytes)
            let bucket = Array(golden.bucket.utf8)
            #expect(try store.pathKey(of: path, in: bucket).bytes == golden.path_key_hex.bytes)
            if let content = golden.content_key_hex {
                #expect(try store.contentKey(of: path, in: bucket).bytes == content.bytes)
            }
        }
    }

    @Test func `the longest entry wins, and without one or a default key there is no base`() throws {
        var store = EncryptionStore(defaultKey: nil, defaultPathCipher: .aesGCM)
        for entry in vectors.store_lookup.entries {
            try store.add(
                EncryptionStore.Entry(
                    bucket: Array(entry.bucket.utf8), unencryptedPath: UnencryptedPath(entry.unencrypted),
                    encryptedPath: EncryptedPath(bytes: Array(entry.encrypted.utf8)),
                    key: try #require(EncryptionKey(entry.key_hex.bytes)),
                    pathCipher: try #require(CipherSuite(rawValue: entry.path_cipher))))
        }
        for query in vectors.store_lookup.queries {
            let bucket = Array(query.bucket.utf8)
            let path = UnencryptedPath(query.path)
            guard query.error == nil else {
                #expect(throws: EncryptionError.missingEncryptionBase) { try store.encrypt(path, in: bucket) }
                continue
            }
            let encrypted = try store.encrypt(path, in: bucket)
            #expect(encrypted.bytes == query.encrypted_hex?.bytes)
            #expect(try store.contentKey(of: path, in: bucket).bytes == query.content_key_hex?.bytes)
            #expect(try store.decrypt(encrypted, in: bucket) == path)
        }
    }

    @Test func `a component has one counterpart, and both paths the same depth`() throws {
        var store = EncryptionStore(defaultKey: root, defaultPathCipher: .aesGCM)
        func add(_ unencrypted: String, _ encrypted: String, bucket: UInt8 = 1) throws(EncryptionError) {
            try store.add(
                EncryptionStore.Entry(
                    bucket: [bucket], unencryptedPath: UnencryptedPath(unencrypted),
                    encryptedPath: EncryptedPath(bytes: Array(encrypted.utf8)), key: root, pathCipher: .aesGCM))
        }
        try add("a/b", "x/y")
        try add("a/c", "x/z")
        try add("a/b", "x/y")
        #expect(store.entries.count == 2)
        #expect(throws: EncryptionError.conflictingEntry) { try add("a/d", "w/v") }
        #expect(throws: EncryptionError.conflictingEntry) { try add("b", "x") }
        #expect(throws: EncryptionError.conflictingEntry) { try add("a/b/c", "x/y") }
        try add("b", "x", bucket: 2)
        #expect(store.entries.count == 3)
    }

    @Test func `bypass shows encrypted components as base64url and takes them back`() throws {
        var store = EncryptionStore(defaultKey: root, defaultPathCipher: .aesGCM)
        store.bypassesPathEncryption = true
        let golden = vectors.bypass_base64url
        let encrypted = EncryptedPath(bytes: golden.encrypted_hex.bytes)
        let text = try store.decrypt(encrypted, in: [1])
        #expect(String(decoding: text.bytes, as: UTF8.self) == golden.bypass_text)
        #expect(try store.encrypt(text, in: [1]).bytes == golden.back_hex.bytes)
        #expect(throws: EncryptionError.badPathComponent) { try store.encrypt(UnencryptedPath("no base64"), in: [1]) }
    }

    @Test func `an unspecified cipher encrypts no path`() {
        let store = EncryptionStore(defaultKey: root, defaultPathCipher: .unspecified)
        #expect(throws: EncryptionError.unsupportedCipher) { try store.encrypt(UnencryptedPath("a"), in: [1]) }
    }
}
