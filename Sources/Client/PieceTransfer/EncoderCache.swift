internal import ErasureCode
internal import StorageModel
internal import Synchronization

/// The encoders of the schemes in use: making one costs a matrix, more than a small segment costs otherwise.
final class EncoderCache: Sendable {
    /// Schemes remembered; a satellite uses one or two.
    private static let maximumCount = 8

    private let encoders = Mutex<[RedundancyScheme: ErasureEncoder]>([:])

    /// The encoder for a scheme.
    func encoder(for scheme: RedundancyScheme) -> ErasureEncoder {
        if let encoder = encoders.withLock({ $0[scheme] }) { return encoder }
        let encoder = ErasureEncoder(scheme: scheme)
        encoders.withLock { encoders in
            if encoders.count >= Self.maximumCount { encoders.removeAll() }
            encoders[scheme] = encoder
        }
        return encoder
    }
}
