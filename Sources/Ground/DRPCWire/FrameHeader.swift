package import NIOCore

/// What stands before the data of a frame: one byte of flags and kind, then three varints.
///
/// - Source: protocol document 1 §2.1.
package struct FrameHeader: Hashable, Sendable {
    /// The most bytes a header has.
    package static let maximumSize = 31

    /// Whether this is the last frame of its packet.
    package var isDone: Bool
    /// Whether the packet is for the connection rather than for the user of a stream.
    package var isControl: Bool
    /// The kind as on the wire, in `0...63`.
    package var kind: UInt8
    /// The packet it belongs to.
    package var id: PacketID
    /// How many bytes of data follow, as the peer says: not yet checked against any limit.
    package var dataSize: UInt64

    /// A header.
    package init(isDone: Bool, isControl: Bool, kind: UInt8, id: PacketID, dataSize: UInt64) {
        self.isDone = isDone
        self.isControl = isControl
        self.kind = kind
        self.id = id
        self.dataSize = dataSize
    }

    /// Reads a header and moves past it; nil, and nothing moved, when `buffer` ends inside it.
    ///
    /// - Throws: `varintTooLong`.
    package init?(reading buffer: inout ByteBuffer) throws(ProtocolError) {
        var index = buffer.readerIndex
        guard let flags: UInt8 = buffer.getInteger(at: index) else { return nil }
        index += 1
        guard let stream = try Varint.get(from: buffer, at: &index),
            let message = try Varint.get(from: buffer, at: &index),
            let size = try Varint.get(from: buffer, at: &index)
        else { return nil }
        buffer.moveReaderIndex(to: index)
        isDone = flags & 1 != 0
        isControl = flags & 0x80 != 0
        kind = flags >> 1 & 0x3f
        id = PacketID(stream: stream, message: message)
        dataSize = size
    }

    /// The first byte.
    package var flags: UInt8 { (isDone ? 1 : 0) | kind << 1 | (isControl ? 0x80 : 0) }

    /// How many bytes `write(into:)` writes, in `4...31`.
    package var size: Int {
        1 + Varint.size(of: id.stream) + Varint.size(of: id.message) + Varint.size(of: dataSize)
    }

    /// Appends the header.
    package func write(into buffer: inout ByteBuffer) {
        buffer.writeInteger(flags)
        Varint.write(id.stream, into: &buffer)
        Varint.write(id.message, into: &buffer)
        Varint.write(dataSize, into: &buffer)
    }
}
