import StorageModel

/// Puts a node's records, which come in the order of segments, into the order of their ids.
///
/// Only eight bytes of an id and a number are moved about; ids are hashes, so eight bytes nearly always tell them apart.
struct SetSorter {
    /// The bytes a record takes while it is sorted: itself, itself again in order, and its key.
    static let bytesPerRecord = 2 * SetRecord.size + 16

    private struct Key {
        let prefix: UInt64
        let index: UInt32
    }

    /// The records in order.
    ///
    /// - Parameter records: at most 2^32 of them, one after another.
    static func sorted(_ records: [UInt8]) -> [UInt8] {
        let count = records.count / SetRecord.size
        return records.withUnsafeBytes { records in
            var keys: [Key] = []
            keys.reserveCapacity(count)
            for index in 0..<count {
                let prefix = records.loadUnaligned(fromByteOffset: index * SetRecord.size, as: UInt64.self)
                keys.append(Key(prefix: UInt64(bigEndian: prefix), index: UInt32(index)))
            }
            keys.sort { left, right in
                left.prefix != right.prefix ? left.prefix < right.prefix : isBefore(left.index, right.index, records)
            }
            return [UInt8](unsafeUninitializedCapacity: records.count) { buffer, initialized in
                let buffer = UnsafeMutableRawBufferPointer(buffer)
                for (place, key) in keys.enumerated() {
                    let start = Int(key.index) * SetRecord.size
                    UnsafeMutableRawBufferPointer(
                        rebasing: buffer[place * SetRecord.size..<(place + 1) * SetRecord.size]
                    ).copyMemory(from: UnsafeRawBufferPointer(rebasing: records[start..<start + SetRecord.size]))
                }
                initialized = records.count
            }
        }
    }

    private static func isBefore(_ left: UInt32, _ right: UInt32, _ records: UnsafeRawBufferPointer) -> Bool {
        let left = UnsafeRawBufferPointer(rebasing: records[Int(left) * SetRecord.size..<(Int(left) + 1) * SetRecord.size])
        let right = UnsafeRawBufferPointer(rebasing: records[Int(right) * SetRecord.size..<(Int(right) + 1) * SetRecord.size])
        return left.lexicographicallyPrecedes(right)
    }
}
