package import Heartbeats
import StorageModel

/// A piece in a set's file: 72 bytes, its id, its hash, its size.
package enum SetRecord {
    /// Bytes of a record.
    package static let size = 72

    /// Appends a record.
    static func append(_ id: PieceID, hash: ArraySlice<UInt8>, size: Int64, to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { buffer in
            for (index, word) in id.storage.words.enumerated() {
                buffer.storeBytes(of: word.bigEndian, toByteOffset: index * 8, as: UInt64.self)
            }
            bytes.append(contentsOf: buffer)
        }
        bytes.append(contentsOf: hash)
        withUnsafeBytes(of: size.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// The piece of a record; nil for bytes that are none.
    package static func parse(_ bytes: UnsafeRawBufferPointer) -> CommittedPiece? {
        guard bytes.count == size else { return nil }
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        return CommittedPiece(
            id: PieceID(storage: Bytes32(words: [word(0), word(1), word(2), word(3)])),
            size: Int64(bitPattern: word(8)), hash: Bytes32(words: [word(4), word(5), word(6), word(7)]))
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
