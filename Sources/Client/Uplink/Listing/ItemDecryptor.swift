import Encryption
import Foundation

/// Decrypts the keys of a listing's items. Neighbours mostly lie in one folder, whose key is derived only once.
struct ItemDecryptor: Sendable {
    private let keys: KeyRing
    private let place: ListPlace
    private var folder: [UInt8]?
    private var folderName: [UInt8] = []
    private var folderCipher: PathCipher

    /// For the items of one place.
    init(_ keys: KeyRing, _ place: ListPlace) {
        self.keys = keys
        self.place = place
        folderCipher = place.cipher
    }

    /// An item's whole key, and the key to its keys; nil when it does not decrypt or is no text.
    ///
    /// - Parameter encrypted: relative to the place's prefix; a folded prefix ends in `/`.
    mutating func open(_ encrypted: Data) -> (key: String, contentKey: EncryptionKey)? {
        let bytes = Array(encrypted)
        let slash = bytes.lastIndex(of: UInt8(ascii: "/"))
        guard enter(slash.map { Array(bytes[..<$0]) }) else { return nil }
        var cipher = folderCipher
        guard let last = try? cipher.decrypt(component: slash.map { Array(bytes[($0 + 1)...]) } ?? bytes),
            let relative = String(validating: folderName + last, as: UTF8.self)
        else { return nil }
        let key = place.prefix + relative
        if place.isArbitrary || keys.showsEncryptedKeys {
            // The cipher does not stand at the key's true path here.
            guard let address = try? keys.address(bucket: place.bucket, key: key) else { return nil }
            return (key, address.contentKey)
        }
        return (key, cipher.key.contentKey)
    }

    /// Steps into the folder of the next item; false when its name does not decrypt.
    private mutating func enter(_ path: [UInt8]?) -> Bool {
        if path == folder { return true }
        var cipher = place.cipher
        var name: [UInt8] = []
        if let path {
            for component in path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
                guard let plain = try? cipher.decrypt(component: Array(component)) else { return false }
                name += plain + [UInt8(ascii: "/")]
            }
        }
        folder = path
        folderName = name
        folderCipher = cipher
        return true
    }
}
