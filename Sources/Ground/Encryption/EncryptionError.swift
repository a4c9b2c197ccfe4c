/// Why something could not be encrypted or decrypted.
package enum EncryptionError: Error, Hashable, CustomStringConvertible {
    /// The cipher suite cannot encrypt: unspecified, unknown, or not made for this.
    case unsupportedCipher
    /// A block size too small for the cipher's overhead and the padding's length, or too large.
    case badBlockSize(Int)
    /// The bytes do not decrypt under this key: damaged, cut, or of another key.
    case notAuthentic
    /// An encrypted path component that breaks the rules of its encoding.
    case badPathComponent
    /// The store has neither an entry for the path nor a default key.
    case missingEncryptionBase
    /// An entry contradicts another one, or its two paths have different numbers of components.
    case conflictingEntry
    /// The key derivation function refused, for instance for want of memory; its own code.
    case keyDerivationFailed(code: Int)
    /// Metadata that decrypts but cannot be read.
    case badMetadata

    package var description: String {
        switch self {
        case .unsupportedCipher: "cipher suite cannot encrypt"
        case .badBlockSize(let size): "encryption block size \(size) is out of range"
        case .notAuthentic: "data does not decrypt"
        case .badPathComponent: "encrypted path component is malformed"
        case .missingEncryptionBase: "missing encryption base"
        case .conflictingEntry: "conflicting encryption entry"
        case .keyDerivationFailed(let code): "key derivation failed with code \(code)"
        case .badMetadata: "object metadata is malformed"
        }
    }
}
