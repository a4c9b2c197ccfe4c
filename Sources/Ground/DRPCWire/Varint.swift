package import NIOCore

/// Little-endian base-128 integers of at most 64 bits, as in protobuf.
package enum Varint {
    /// Reads an integer at `index` and moves the index past it; nil when the buffer ends inside it.
    ///
    /// Trailing zero groups are accepted, as upstream does.
    /// - Throws: `varintTooLong` for more than 64 bits.
    package static func get(from buffer: ByteBuffer, at index: inout Int) throws(ProtocolError) -> UInt64? {
        var value: UInt64 = 0
        var position = index
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard position < buffer.writerIndex, let byte: UInt8 = buffer.getInteger(at: position) else { return nil }
            position += 1
            if shift == 63, byte > 1 { throw .varintTooLong }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 {
                index = position
                return value
            }
        }
        throw .varintTooLong
    }

    /// Appends an integer in its shortest form.
    package static func write(_ value: UInt64, into buffer: inout ByteBuffer) {
        var rest = value
        while rest >= 0x80 {
            buffer.writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        buffer.writeInteger(UInt8(truncatingIfNeeded: rest))
    }

    /// How many bytes the shortest form has, in `1...10`.
    package static func size(of value: UInt64) -> Int {
        (max(1, 64 - value.leadingZeroBitCount) + 6) / 7
    }
}
