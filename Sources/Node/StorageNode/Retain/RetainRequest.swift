import Blake3
import Crypto
import Foundation
package import StorageModel
package import WireMessages

/// What a satellite wants kept, understood and checked.
package struct RetainRequest: Sendable {
    /// The newest piece the filter knows about, as the satellite says.
    package let created: Timestamp
    /// The pieces to keep.
    package let filter: BloomFilter
    /// BLAKE3 of the encoded filter, with which it is saved.
    let filterHash: [UInt8]

    /// Checks a whole request.
    ///
    /// - Throws: `RPCStatusError` with code 3.
    package init(_ message: Piecestore_RetainRequest) throws {
        try Self.checkHash(message)
        guard let filter = BloomFilter(encoded: message.filter) else {
            throw RPCStatusError(.invalidArgument, "malformed bloom filter")
        }
        do {
            guard let created = try Wire_Timestamp.value(message.hasCreationDate ? message.creationDate : nil) else {
                throw RPCStatusError(.invalidArgument, "missing creation date")
            }
            self.created = created
        } catch let error as WireMessageError {
            throw RPCStatusError(.invalidArgument, "creation date: \(error)")
        }
        self.filter = filter
        filterHash = Blake3Hasher.hash(message.filter).bytes
    }

    private static func checkHash(_ message: Piecestore_RetainRequest) throws {
        guard !message.hash.isEmpty else { return }
        let isRight: Bool
        switch message.hashAlgorithm {
        case .sha256: isRight = SHA256.hash(data: message.filter).elementsEqual(message.hash)
        case .blake3: isRight = Blake3Hasher.hash(message.filter).bytes.elementsEqual(message.hash)
        case .UNRECOGNIZED: throw RPCStatusError(.invalidArgument, "unknown hash algorithm")
        }
        guard isRight else { throw RPCStatusError(.invalidArgument, "hash mismatch of the bloom filter") }
    }
}
