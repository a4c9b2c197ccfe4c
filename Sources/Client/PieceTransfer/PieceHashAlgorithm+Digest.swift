import Blake3
import Crypto
package import NIOCore
import StorageModel
package import WireMessages

extension PieceHashAlgorithm {
    /// The hash of a piece's bytes; nil for an algorithm that nobody knows.
    package func digest(_ bytes: ByteBuffer) -> [UInt8]? {
        switch self {
        case .blake3:
            var hasher = Blake3Hasher()
            bytes.withUnsafeReadableBytes { hasher.update($0) }
            return hasher.finalize().bytes
        case .sha256:
            var hasher = SHA256()
            bytes.withUnsafeReadableBytes { hasher.update(bufferPointer: $0) }
            return Array(hasher.finalize())
        default: return nil
        }
    }
}
