package import Heartbeats
import StorageModel

/// A piece in a set's file: 72 bytes, its id, its hash, its size.
package enum SetRecord {
    /// Bytes of a record.
    package static let size = 72

    /// Appends a record.
    static func append(_ id: PieceID, hash: ArraySlice<UInt8>, size: Int64, to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { buffer in
            id.storage.store(in: buffer, at: 0)
            bytes.append(contentsOf: buffer)
        }
        bytes.append(contentsOf: hash)
        withUnsafeBytes(of: size.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// The piece of a record; nil for bytes that are none.
    package static func parse(_ bytes: UnsafeRawBufferPointer) -> CommittedPiece? {
        guard bytes.count == size else { return nil }
        return CommittedPiece(
            id: PieceID(storage: Bytes32(loading: bytes)),
            size: Int64(bigEndian: bytes.loadUnaligned(fromByteOffset: 64, as: Int64.self)),
            hash: Bytes32(loading: UnsafeRawBufferPointer(rebasing: bytes[32..<64])))
    }

    /// The pieces of records one after another; nil for bytes that are none.
    package static func parse(all bytes: [UInt8]) -> [CommittedPiece]? {
        guard bytes.count % size == 0 else { return nil }
        var pieces: [CommittedPiece] = []
        pieces.reserveCapacity(bytes.count / size)
        let isWhole = bytes.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: size) {
                guard let piece = parse(UnsafeRawBufferPointer(rebasing: bytes[start..<start + size])) else {
                    return false
                }
                pieces.append(piece)
            }
            return true
        }
        return isWhole ? pieces : nil
    }
}
