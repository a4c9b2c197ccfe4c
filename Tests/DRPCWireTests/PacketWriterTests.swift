import DRPCWire
import NIOCore
import TestSupport
import Testing

@Suite struct PacketWriterTests {
    let vectors: DRPCVectors

    init() throws { vectors = try DRPCVectors.load() }

    @Test func `headers have upstream's bytes and read back`() throws {
        for vector in vectors.frames {
            let id = PacketID(stream: try #require(UInt64(vector.stream)), message: try #require(UInt64(vector.message)))
            let header = FrameHeader(
                isDone: vector.done, isControl: vector.control, kind: vector.kind, id: id,
                dataSize: UInt64(vector.data_hex.bytes.count))
            var buffer = ByteBuffer()
            header.write(into: &buffer)
            #expect(buffer.readableBytes == header.size)
            buffer.writeBytes(vector.data_hex.bytes)
            #expect(Array(buffer.readableBytesView) == vector.encoded_hex.bytes)
            #expect(try FrameHeader(reading: &buffer) == header)
        }
        #expect(vectors.frames.count == 9)
    }

    @Test func `varints have upstream's bytes and read back`() throws {
        for vector in vectors.varints {
            let value = try #require(UInt64(vector.value))
            var buffer = ByteBuffer()
            Varint.write(value, into: &buffer)
            #expect(Array(buffer.readableBytesView) == vector.hex.bytes)
            #expect(Varint.size(of: value) == vector.hex.bytes.count)
            var index = 0
            #expect(try Varint.get(from: buffer, at: &index) == value)
            #expect(index == vector.hex.bytes.count)
        }
    }

    @Test func `a long packet splits as upstream splits it`() throws {
        let split = try #require(vectors.split.first)
        var buffer = ByteBuffer()
        PacketWriter.write(
            .message, id: PacketID(stream: 1, message: 1), data: ByteBuffer(repeating: 1, count: split.packet_len),
            frameSize: split.split_size, into: &buffer)
        for part in split.frames {
            let header = try #require(try FrameHeader(reading: &buffer))
            #expect(header.isDone == part.done)
            #expect(header.dataSize == UInt64(part.len))
            buffer.moveReaderIndex(forwardBy: part.len)
        }
        #expect(buffer.readableBytes == 0)
    }

    @Test(arguments: [0, 1, 127, 128, 16383, 16384, 100_000])
    func `a message framed in place has the bytes of one written whole`(size: Int) {
        let data = ByteBuffer(repeating: 0xab, count: size)
        for number in [1, 300, .max] as [UInt64] {
            let id = PacketID(stream: number, message: number)
            var inPlace = PacketWriter.makeMessageBuffer(capacity: 16, allocator: ByteBufferAllocator())
            inPlace.writeImmutableBuffer(data)
            PacketWriter.frame(&inPlace, kind: .message, id: id)
            var whole = ByteBuffer()
            PacketWriter.write(.message, id: id, data: data, into: &whole)
            #expect(inPlace == whole)
        }
    }

    @Test func `a cancel carries the control bit`() {
        var buffer = ByteBuffer()
        PacketWriter.write(.cancel, id: PacketID(stream: 1, message: 4), into: &buffer)
        #expect(Array(buffer.readableBytesView) == [0x89, 1, 4, 0])
    }

    @Test func `error payloads have upstream's bytes and read back`() throws {
        for vector in vectors.errors {
            let payload = ErrorPayload(code: vector.code, message: vector.message)
            #expect(Array(payload.data.readableBytesView) == vector.data_hex.bytes)
            #expect(try ErrorPayload(parsing: payload.data) == payload)
        }
        #expect(throws: ProtocolError.malformedError) {
            try ErrorPayload(parsing: ByteBuffer(repeating: 0, count: 7))
        }
    }

    @Test func `metadata has upstream's bytes and reads back`() throws {
        for vector in vectors.metadata {
            let data = ByteBuffer(bytes: vector.data_hex.bytes)
            #expect(try CallMetadata.parse(data) == vector.map)
            #expect(CallMetadata.encode(vector.map) == data)
        }
    }

    @Test func `no truncation and no changed byte of metadata crashes`() throws {
        let bytes = Array(CallMetadata.encode(["trace-id": "1", "sampled": "true"]).readableBytesView)
        for count in 1..<bytes.count where count != 15 {
            // Only after the first of the two entries can it end well.
            let parsed = try? CallMetadata.parse(ByteBuffer(bytes: bytes.prefix(count)))
            #expect(parsed == nil || parsed?.count == 1)
        }
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                let parsed = try? CallMetadata.parse(ByteBuffer(bytes: changed))
                #expect(parsed == nil || (1...2).contains(parsed?.count ?? 0))
            }
        }
        #expect(throws: ProtocolError.malformedMetadata) {
            try CallMetadata.parse(ByteBuffer(repeating: 0x0a, count: CallMetadata.maximumSize + 1))
        }
    }
}
