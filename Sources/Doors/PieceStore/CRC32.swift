/// The checksum of short records, CRC-32 as in IEEE 802.3, eight bytes at a time.
enum CRC32 {
    /// Eight tables of 256 words: the first for one byte, each further one for a byte that stands one place earlier.
    private static let tables: [UInt32] = {
        var tables: [UInt32] = []
        for index in UInt32(0)..<256 {
            var value = index
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
            tables.append(value)
        }
        for index in 256..<8 * 256 {
            let shorter = tables[index - 256]
            tables.append(tables[Int(shorter & 255)] ^ shorter >> 8)
        }
        return tables
    }()

    /// The checksum of `bytes`.
    static func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { checksum($0) } }

    /// The checksum of `bytes`.
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        tables.withUnsafeBufferPointer { tables in
            var value = ~UInt32(0)
            var position = 0
            while position + 8 <= bytes.count {
                let low = bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self).littleEndian ^ value
                let high = bytes.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self).littleEndian
                value = entry(tables, 7, low) ^ entry(tables, 6, low >> 8)
                value ^= entry(tables, 5, low >> 16) ^ entry(tables, 4, low >> 24)
                value ^= entry(tables, 3, high) ^ entry(tables, 2, high >> 8)
                value ^= entry(tables, 1, high >> 16) ^ entry(tables, 0, high >> 24)
                position += 8
            }
            while position < bytes.count {
                value = entry(tables, 0, value ^ UInt32(bytes[position])) ^ value >> 8
                position += 1
            }
            return ~value
        }
    }

    @inline(__always)
    private static func entry(_ tables: UnsafeBufferPointer<UInt32>, _ table: Int, _ byte: UInt32) -> UInt32 {
        tables[table << 8 | Int(byte & 255)]
    }
}
