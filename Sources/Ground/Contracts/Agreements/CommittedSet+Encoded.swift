package import Heartbeats
import StorageModel

/// The pieces of an agreement as a payer sends them to the farmer who is to sign: their number, then of each the id, the
/// size and the hash, big-endian, in the order of the ids.
extension CommittedSet {
    /// Pieces of a set that travels in one message; a larger one is split into several agreements.
    package static let maximumEncodedCount = 50_000
    /// Id, size and hash.
    private static let pieceSize = 72

    /// 4 bytes, and 72 for each piece.
    package var encoded: [UInt8] {
        var bytes = Self.bigEndian(UInt64(pieces.count), count: 4)
        bytes.reserveCapacity(4 + pieces.count * Self.pieceSize)
        for piece in pieces { bytes += piece.id.bytes + Self.bigEndian(UInt64(piece.size), count: 8) + piece.hash.bytes }
        return bytes
    }

    /// Parses `encoded`.
    ///
    /// - Throws: `malformed` for other bytes, none, or too many pieces; `duplicatePiece`, also for pieces out of order.
    package init(encoded bytes: [UInt8]) throws(HeartbeatError) {
        guard bytes.count >= 4, bytes.count % Self.pieceSize == 4 else { throw .malformed("set of pieces: length") }
        let count = (bytes.count - 4) / Self.pieceSize
        guard (1...Self.maximumEncodedCount).contains(count), Self.number(bytes[0..<4]) == UInt64(count) else {
            throw .malformed("set of pieces: number of pieces")
        }
        var pieces: [CommittedPiece] = []
        pieces.reserveCapacity(count)
        for start in stride(from: 4, to: bytes.count, by: Self.pieceSize) {
            guard let id = Bytes32(bytes[start..<start + 32]), let hash = Bytes32(bytes[start + 40..<start + 72]),
                let size = Int64(exactly: Self.number(bytes[start + 32..<start + 40])),
                let piece = CommittedPiece(id: PieceID(storage: id), size: size, hash: hash)
            else { throw .malformed("set of pieces: piece") }
            pieces.append(piece)
        }
        try self.init(sorted: pieces)
    }

    /// Bytes of all pieces; nil when there are more than can be counted.
    package var byteCount: UInt64? {
        pieces.reduce(UInt64(0) as UInt64?) { sum, piece in
            guard let sum else { return nil }
            let (next, overflow) = sum.addingReportingOverflow(UInt64(piece.size))
            return overflow ? nil : next
        }
    }

    private static func bigEndian(_ number: UInt64, count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64((count - 1 - $0) * 8)) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
