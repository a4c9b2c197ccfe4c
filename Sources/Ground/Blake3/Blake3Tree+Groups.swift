import StorageModel

extension Blake3Tree {
    /// The chaining values of the groups in a part of an input of more than one group, 32 bytes each.
    ///
    /// A store compares them with those it kept when the input came in: what differs has rotted.
    /// - Parameters:
    ///   - bytes: whole groups, of which the last may be shorter when it is the input's last.
    ///   - first: the index of the first of them in the input, not negative.
    package static func groupValues(of bytes: UnsafeRawBufferPointer, firstGroup first: Int64) -> [UInt8] {
        let hashing = Subtree(level: .best)
        var values: [UInt8] = []
        values.reserveCapacity((bytes.count / Int(groupSize) + 1) * valueSize)
        for start in stride(from: 0, to: bytes.count, by: Int(groupSize)) {
            let group = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + Int(groupSize), bytes.count)])
            let firstChunk = (first + Int64(start) / groupSize) * groupChunks
            values += hashing.value(of: group, firstChunk: firstChunk, isRoot: false).bytes
        }
        return values
    }
}
