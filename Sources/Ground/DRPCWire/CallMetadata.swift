package import NIOCore

/// What a caller says about a call besides its request: names and values.
///
/// - Source: protocol document 1 §2.4.
package enum CallMetadata {
    /// The most bytes of metadata that are read.
    package static let maximumSize = 64 << 10
    /// The most entries.
    package static let maximumCount = 64

    /// Parses the data of an InvokeMetadata packet; of entries with the same key the last counts.
    ///
    /// - Throws: `malformedMetadata`, also beyond the limits.
    package static func parse(_ data: ByteBuffer) throws(ProtocolError) -> [String: String] {
        guard data.readableBytes <= maximumSize else { throw .malformedMetadata }
        var data = data
        var entries: [String: String] = [:]
        while data.readableBytes > 0 {
            guard entries.count < maximumCount else { throw .malformedMetadata }
            var entry = try field(0x0a, from: &data)
            let key = try field(0x0a, from: &entry)
            let value = try field(0x12, from: &entry)
            guard entry.readableBytes == 0 else { throw .malformedMetadata }
            entries[String(buffer: key)] = String(buffer: value)
        }
        return entries
    }

    /// The data of an InvokeMetadata packet, keys in order.
    package static func encode(_ entries: [String: String]) -> ByteBuffer {
        var data = ByteBuffer()
        for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
            var entry = ByteBuffer()
            write(0x0a, ByteBuffer(string: key), into: &entry)
            write(0x12, ByteBuffer(string: value), into: &entry)
            write(0x0a, entry, into: &data)
        }
        return data
    }

    private static func field(_ tag: UInt8, from data: inout ByteBuffer) throws(ProtocolError) -> ByteBuffer {
        guard data.readInteger(as: UInt8.self) == tag else { throw .malformedMetadata }
        var index = data.readerIndex
        guard let size = try Varint.get(from: data, at: &index) else { throw .malformedMetadata }
        data.moveReaderIndex(to: index)
        guard size <= UInt64(data.readableBytes), let field = data.readSlice(length: Int(size)) else {
            throw .malformedMetadata
        }
        return field
    }

    private static func write(_ tag: UInt8, _ field: ByteBuffer, into buffer: inout ByteBuffer) {
        buffer.writeInteger(tag)
        Varint.write(UInt64(field.readableBytes), into: &buffer)
        buffer.writeImmutableBuffer(field)
    }
}
