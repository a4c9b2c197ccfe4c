import NIOCore
import StorageModel

/// Writes single fields of a message; numbers are in `1...15`, so that a tag is one byte.
extension ByteBuffer {
    /// An integer field, also when it is zero.
    mutating func writeField(_ number: UInt8, integer: UInt64) {
        writeInteger(number << 3)
        writeVarint(integer)
    }

    /// An integer field that is left out when it is zero.
    mutating func writeField(_ number: UInt8, nonZero value: Int64) {
        if value != 0 { writeField(number, integer: UInt64(bitPattern: value)) }
    }

    /// A bytes field, also when it is empty.
    mutating func writeField(_ number: UInt8, bytes: some Collection<UInt8>) {
        writeHeader(number, length: bytes.count)
        writeBytes(bytes)
    }

    /// A bytes field that is left out when it is empty.
    mutating func writeField(_ number: UInt8, nonEmpty bytes: some Collection<UInt8>) {
        if !bytes.isEmpty { writeField(number, bytes: bytes) }
    }

    /// An id, also when it is zero.
    mutating func writeField(_ number: UInt8, id: some FixedBytesID) {
        writeField(number, bytes: id.bytes)
    }

    /// A moment that is left out when it is not set.
    mutating func writeField(_ number: UInt8, time: Timestamp?) {
        if let time { writeField(number, alwaysTime: time) }
    }

    /// A moment that is written as year 1 when it is not set, as the field's other implementations do.
    mutating func writeField(_ number: UInt8, alwaysTime time: Timestamp?) {
        let seconds = time?.seconds ?? Timestamp.unsetSeconds
        let nanoseconds = Int64(time?.nanoseconds ?? 0)
        let length = Self.integerSize(nonZero: seconds) + Self.integerSize(nonZero: nanoseconds)
        writeHeader(number, length: length)
        writeField(1, nonZero: seconds)
        writeField(2, nonZero: nanoseconds)
    }

    /// The tag and the length of a field whose bytes follow.
    mutating func writeHeader(_ number: UInt8, length: Int) {
        writeInteger(number << 3 | 2)
        writeVarint(UInt64(length))
    }

    /// Bytes of an integer field that is left out when it is zero.
    static func integerSize(nonZero value: Int64) -> Int {
        value == 0 ? 0 : 1 + varintSize(UInt64(bitPattern: value))
    }

    /// Bytes of a bytes field that is left out when it is empty.
    static func bytesSize(nonEmpty count: Int) -> Int {
        count == 0 ? 0 : 1 + varintSize(UInt64(count)) + count
    }

    private static func varintSize(_ value: UInt64) -> Int {
        max(1, (70 - value.leadingZeroBitCount) / 7)
    }

    private mutating func writeVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        writeInteger(UInt8(rest))
    }
}
