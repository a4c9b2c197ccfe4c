import Encryption
import Foundation

/// Where a listing looks: a prefix as the user knows it and as the satellite does.
struct ListPlace: Sendable {
    /// The bucket's name.
    let bucket: String
    /// The prefix as the user knows it: empty, ending in `/`, or anything when keys are not encrypted.
    let prefix: String
    /// The prefix on the wire, without the slash at its end unless it is taken byte for byte.
    let encryptedPrefix: Data
    /// Whether the satellite takes the prefix byte for byte.
    let isArbitrary: Bool
    /// Decrypts what follows the prefix.
    let cipher: PathCipher
    /// The path at which the grant's key starts: what lies below it is of one passphrase.
    let base: EncryptedPath

    /// A place.
    ///
    /// - Throws: `.permissionDenied` when the grant has no encryption key for the prefix; `.invalidArgument` for an
    ///   encrypted prefix that does not end in a slash.
    init(_ keys: KeyRing, bucket: String, prefix: String) throws(UplinkError) {
        self.bucket = bucket
        self.prefix = prefix
        let bytes = Array(prefix.utf8)
        let isWhole = bytes.isEmpty || bytes.last == UInt8(ascii: "/")
        let components =
            bytes.isEmpty
            ? []
            : bytes.dropLast(isWhole ? 1 : 0).split(
                separator: UInt8(ascii: "/"), omittingEmptySubsequences: false
            ).map(Array.init)
        do {
            let base = try keys.store.base(
                of: UnencryptedPath(components: isWhole ? components : components.dropLast()),
                in: Array(bucket.utf8))
            self.base = base.encryptedPath
            // Satellites add one slash to a prefix only when it has none, so an empty name would get lost.
            if base.cipher.isNull, !isWhole || components.last == [] {
                encryptedPrefix = Data(bytes)
                isArbitrary = true
                cipher = base.cipher
                return
            }
            guard isWhole else {
                throw UplinkError(
                    .invalidArgument, "the prefix \"\(prefix)\" does not end in a slash",
                    advice: "Encrypted keys can only be listed at slashes; end the prefix with one")
            }
            var cipher = base.cipher
            var encrypted = base.encryptedPath.components
            for component in components.dropFirst(base.unencryptedPath.components.count) {
                encrypted.append(try cipher.encrypt(component: component))
            }
            encryptedPrefix = Data(EncryptedPath(components: encrypted).bytes)
            isArbitrary = false
            self.cipher = cipher
        } catch let error as EncryptionError {
            throw KeyRing.failure(error, bucket: bucket, key: prefix, grant: keys.store)
        } catch let error as UplinkError {
            throw error
        } catch {
            throw UplinkError(.invalidArgument, "cannot list \"\(prefix)\": \(error)")
        }
    }

    /// The cursor behind a whole key.
    ///
    /// - Parameter isRecursive: whether a slash at the key's end belongs to an object; otherwise it ends a prefix.
    /// - Throws: `.invalidArgument` for a key outside the prefix.
    func cursor(after key: String, isRecursive: Bool) throws(UplinkError) -> Data {
        guard key.utf8.starts(with: prefix.utf8) else {
            throw UplinkError(.invalidArgument, "\"\(key)\" does not begin with the prefix \"\(prefix)\"")
        }
        var relative = Array(key.utf8.dropFirst(prefix.utf8.count))
        if isArbitrary || relative.isEmpty { return Data(relative) }
        let isFolded = !isRecursive && relative.last == UInt8(ascii: "/")
        if isFolded { relative.removeLast() }
        do {
            var cipher = cipher
            let encrypted = try cipher.encrypt(UnencryptedPath(bytes: relative))
            return Data(encrypted.bytes + (isFolded ? [UInt8(ascii: "/")] : []))
        } catch {
            throw UplinkError(.invalidArgument, "\"\(key)\" cannot be a key: \(error)")
        }
    }

    /// The place as the subject of a call.
    func subject(_ operation: CallSubject.Operation) -> CallSubject {
        CallSubject(operation, bucket: bucket)
    }
}
