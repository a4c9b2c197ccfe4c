internal import Encryption

/// A key of its own for what lies below a prefix, from a passphrase.
public struct PrefixKey: Hashable, Sendable {
    let key: EncryptionKey

    /// Derives the key; takes 64 MiB of memory and about a tenth of a second, and blocks for that long.
    ///
    /// - Parameters:
    ///   - passphrase: any text.
    ///   - salt: the same for the same user every time, for instance a user id; keep it.
    /// - Throws: ``UplinkError/Code/invalidArgument`` when the system refuses the memory.
    public init(passphrase: String, salt: [UInt8]) throws(UplinkError) {
        do {
            key = try .root(passphrase: Array(passphrase.utf8), salt: salt, parallelism: 1)
        } catch {
            throw UplinkError(.invalidArgument, "the key cannot be derived: \(error)")
        }
    }
}

extension PrefixKey: CustomStringConvertible, CustomReflectable {
    /// Says only what it is.
    public var description: String { "key of a prefix" }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
