internal import Crypto
internal import StorageModel

extension NodeID {
    /// The id of the node whose authority has this SubjectPublicKeyInfo.
    ///
    /// - Source: protocol document 1 §1.2: SHA-256 twice, the last byte replaced by the version, 0.
    init(authorityKey information: some Collection<UInt8>) {
        var digest = Array(SHA256.hash(data: Array(SHA256.hash(data: Array(information)))))
        digest[31] = 0
        guard let id = NodeID(digest) else { preconditionFailure("a SHA-256 has 32 bytes") }
        self = id
    }
}
