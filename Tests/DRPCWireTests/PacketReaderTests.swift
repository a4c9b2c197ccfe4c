import DRPCWire
import NIOCore
import StorageModel
import TestSupport
import Testing

@Suite struct PacketReaderTests {
    let vectors: DRPCVectors

    init() throws { vectors = try DRPCVectors.load() }

    @Test(arguments: [1, 2, 3, 7, 1000]) func `upstream's reader cases end alike in lumps of any size`(lumpSize: Int) {
        for vector in vectors.reader_cases {
            let (packets, error) = PacketReader.readAll(vector.stream_hex.bytes, lumpSize: lumpSize)
            #expect(packets == (vector.packets ?? []).map(\.packet), "\(vector.name)")
            #expect((error == nil) == (vector.error == nil), "\(vector.name)")
            guard let text = vector.error else { continue }
            switch error {
            case .idNotIncreasing: #expect(text.contains("id monotonicity violation"))
            case .kindChange: #expect(text.contains("packet kind change"))
            default: Issue.record("\(vector.name) ended in \(String(describing: error))")
            }
        }
        #expect(vectors.reader_cases.count == 9)
    }

    @Test func `whole conversations have the recorded frames, drop by drop and in lumps`() {
        for exchange in vectors.exchanges {
            let bytes = exchange.client_writes_hex.flatMap(\.bytes)
            let whole = PacketReader.readAll(bytes, lumpSize: bytes.count)
            #expect(whole.1 == nil)
            let expected = exchange.client_frames.filter(\.done).map { PacketID(stream: $0.stream, message: $0.message) }
            #expect(whole.0.map(\.id) == expected, "\(exchange.name)")
            for lumpSize in [1, 5, 64, 7936, 16384] {
                #expect(PacketReader.readAll(bytes, lumpSize: lumpSize).0 == whole.0)
            }
        }
        #expect(vectors.exchanges.count == 9)
    }

    @Test(arguments: [1, 100, 101, 4096]) func `random packets in random frames come back whole`(lumpSize: Int) {
        let random = RandomSource.seeded(UInt64(lumpSize))
        var packets: [Packet] = []
        var bytes = ByteBuffer()
        var id = PacketID(stream: 1, message: 1)
        for index in 0..<60 {
            let size = Int(random.bytes(count: 1)[0]) * (index % 3 == 0 ? 100 : 1)
            let data = ByteBuffer(bytes: random.bytes(count: size))
            let packet = Packet(id: id, kind: index % 2 == 0 ? .message : .closeSend, data: data)
            packets.append(packet)
            let frameSize = 1 + Int(random.bytes(count: 1)[0]) * 8
            PacketWriter.write(packet.kind, id: id, data: data, frameSize: frameSize, into: &bytes)
            if index % 7 == 6 {
                id = PacketID(stream: id.stream + UInt64(random.bytes(count: 1)[0]) + 1, message: 1)
            } else {
                id.message += 1
            }
        }
        let result = PacketReader.readAll(Array(bytes.readableBytesView), lumpSize: lumpSize)
        #expect(result.0 == packets)
        #expect(result.1 == nil)
    }

    @Test func `a packet of exactly the limit is read and one byte more is refused`() {
        for (size, isRefused) in [(999, false), (1000, false), (1001, true)] {
            for frameSize in [100, 5000] {
                var bytes = ByteBuffer()
                let data = ByteBuffer(repeating: 7, count: size)
                PacketWriter.write(
                    .message, id: PacketID(stream: 1, message: 1), data: data, frameSize: frameSize, into: &bytes)
                let (packets, error) = PacketReader.readAll(Array(bytes.readableBytesView), lumpSize: 10, limit: 1000)
                #expect(packets.count == (isRefused ? 0 : 1))
                #expect(error == (isRefused ? .packetTooLarge : nil))
            }
        }
    }

    @Test func `an announced size allocates nothing`() throws {
        var reader = PacketReader()
        var bytes = ByteBuffer(bytes: [0x05, 0x01, 0x01, 0x80, 0x80, 0x80, 0x02, 0xff])
        #expect(try reader.read(&bytes) == nil)
        #expect(reader.heldByteCount == 1)
    }

    @Test(arguments: [
        [0x05, 0x01, 0x01, 0x81, 0x80, 0x80, 0x02],
        [0x05, 0x01, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    ] as [[UInt8]])
    func `a frame longer than any packet is refused at its header`(bytes: [UInt8]) {
        #expect(PacketReader.readAll(bytes, lumpSize: 1).1 == .packetTooLarge)
    }

    @Test func `a varint of more than 64 bits is refused`() {
        let long = [0x05] + [UInt8](repeating: 0xff, count: 10)
        #expect(PacketReader.readAll(long, lumpSize: 1).1 == .varintTooLong)
        let over: [UInt8] = [0x05] + [UInt8](repeating: 0xff, count: 9) + [0x02]
        #expect(PacketReader.readAll(over, lumpSize: 100).1 == .varintTooLong)
    }

    @Test func `unknown kinds are ignored with the control bit and refused without`() {
        for kind in [0] + Array(8...63) as [UInt8] {
            #expect(PacketReader.readAll([kind << 1 | 1, 1, 1, 0], lumpSize: 4).1 == .unknownKind(kind))
            let ignored = PacketReader.readAll([0x80 | kind << 1 | 1, 1, 1, 1, 9, 0x05, 1, 2, 0], lumpSize: 1)
            #expect(ignored.1 == nil)
            #expect(ignored.0.map(\.id.message) == [2])
        }
    }

    @Test func `the highest ids are the last`() {
        let last = vectors.frames.last?.encoded_hex.bytes ?? []
        #expect(PacketReader.readAll(last, lumpSize: 9).0.count == 1)
        #expect(PacketReader.readAll(last + last, lumpSize: 9).1 == .idNotIncreasing(PacketID(stream: .max, message: .max)))
    }

    @Test func `no random bytes crash the reader or make it hold more than they are`() {
        for seed in 0..<300 as Range<UInt64> {
            let random = RandomSource.seeded(seed)
            var reader = PacketReader(limit: 4096)
            var total = 0
            for _ in 0..<20 {
                var bytes = random.bytes(count: Int(random.bytes(count: 1)[0]))
                // Small numbers make long valid prefixes likelier.
                for index in bytes.indices where index % 5 != 0 { bytes[index] &= 3 }
                total += bytes.count
                var lump = ByteBuffer(bytes: bytes)
                do throws(ProtocolError) {
                    while let packet = try reader.read(&lump) { #expect(packet.data.readableBytes <= 4096) }
                } catch { break }
                #expect(reader.heldByteCount <= min(total, 4096))
            }
        }
    }
}
