import Blake3
import StorageModel

/// Checks bytes read from a log against the values stored beside them, so that rotten bytes are never served.
enum GroupVerifier {
    /// Bytes of content that one value covers.
    static let groupSize: Int64 = 16 << 10

    /// Whether `bytes`, the content of a piece from a group's start to a group's or the piece's end, are those stored.
    static func isValid(_ bytes: UnsafeRawBufferPointer, at offset: Int64, of trailer: Trailer) -> Bool {
        let size = trailer.piece.size
        if size <= groupSize { return Blake3Hasher.hash(bytes) == trailer.piece.root }
        let first = Int(offset / groupSize)
        let values = Blake3Tree.groupValues(of: bytes, firstGroup: Int64(first))
        let stored = trailer.groupValues.dropFirst(first * 32).prefix(values.count)
        return stored.elementsEqual(values)
    }
}
