package import NIOCore

/// Turns packets into frames.
///
/// Peers accept any split, so a packet is one frame here: one header a message is all that framing costs.
package enum PacketWriter {
    /// Bytes left free before a message that is encoded in place, so that its header can be put there afterwards.
    package static let headerRoom = 32

    /// Appends a packet in frames of at most `frameSize` data bytes.
    package static func write(
        _ kind: PacketKind, id: PacketID, data: ByteBuffer = ByteBuffer(), frameSize: Int = .max,
        into buffer: inout ByteBuffer
    ) {
        var rest = data
        repeat {
            var part = rest.readSlice(length: min(frameSize, rest.readableBytes)) ?? ByteBuffer()
            let header = header(kind, id: id, dataSize: part.readableBytes, isDone: rest.readableBytes == 0)
            header.write(into: &buffer)
            buffer.writeBuffer(&part)
        } while rest.readableBytes > 0
    }

    /// A buffer in which a message of about `capacity` bytes can be encoded and then framed in place.
    package static func makeMessageBuffer(capacity: Int, allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: headerRoom + capacity)
        buffer.writeRepeatingByte(0, count: headerRoom)
        buffer.moveReaderIndex(to: headerRoom)
        return buffer
    }

    /// Puts the header before the readable bytes of a buffer from `makeMessageBuffer`; nothing is copied.
    package static func frame(_ buffer: inout ByteBuffer, kind: PacketKind, id: PacketID) {
        let header = header(kind, id: id, dataSize: buffer.readableBytes, isDone: true)
        precondition(buffer.readerIndex >= header.size, "the buffer has room for a header")
        let end = buffer.writerIndex
        let start = buffer.readerIndex - header.size
        buffer.moveReaderIndex(to: start)
        buffer.moveWriterIndex(to: start)
        header.write(into: &buffer)
        buffer.moveWriterIndex(to: end)
    }

    private static func header(_ kind: PacketKind, id: PacketID, dataSize: Int, isDone: Bool) -> FrameHeader {
        // A Cancel is for the connection: it always has the control bit.
        FrameHeader(
            isDone: isDone, isControl: kind == .cancel, kind: kind.rawValue, id: id, dataSize: UInt64(dataSize))
    }
}
