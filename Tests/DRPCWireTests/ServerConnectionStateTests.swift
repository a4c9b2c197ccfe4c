import DRPCWire
import NIOCore
import TestSupport
import Testing

@Suite struct ServerConnectionStateTests {
    private func packet(_ kind: PacketKind, _ text: String = "", stream: UInt64, message: UInt64 = 1) -> Packet {
        Packet(id: PacketID(stream: stream, message: message), kind: kind, data: ByteBuffer(string: text))
    }

    @Test func `upstream's conversations open the recorded calls and answer them in the recorded frames`() throws {
        for exchange in try DRPCVectors.load().exchanges {
            var connection = ServerConnectionState()
            var stream: StreamState?
            var served: [UInt64] = []
            let (packets, _) = PacketReader.readAll(exchange.client_writes_hex.flatMap(\.bytes), lumpSize: 100)
            for packet in packets {
                switch try connection.received(packet) {
                case .invocation(let invocation):
                    #expect(invocation.path.hasPrefix("/"))
                    #expect(invocation.metadata.isEmpty == !exchange.name.contains("metadata"))
                    stream = StreamState(id: invocation.stream)
                    served.append(invocation.stream)
                case .current(let packet): _ = try stream?.received(packet)
                case .cancelCurrent, .ignored: break
                }
            }
            #expect(served == Array(Set(exchange.client_frames.map(\.stream))).sorted(), "\(exchange.name)")
            #expect(stream?.end != .failed(ErrorPayload(code: 0, message: "")))
            if exchange.name.contains("closes stream early") { #expect(stream?.end == .closed) }
        }
    }

    @Test func `a soft cancel ends its stream and the next call starts`() throws {
        var connection = ServerConnectionState()
        guard case .invocation(let first) = try connection.received(packet(.invoke, "/a/B", stream: 1)) else {
            Issue.record("no call")
            return
        }
        #expect(first == Invocation(stream: 1, path: "/a/B", metadata: [:]))
        let cancel = packet(.cancel, stream: 1, message: 4)
        #expect(try connection.received(cancel) == .current(cancel))
        #expect(
            try connection.received(packet(.invoke, "/a/C", stream: 7))
                == .invocation(Invocation(stream: 7, path: "/a/C", metadata: [:])))
        #expect(try connection.received(packet(.close, stream: 3)) == .ignored)
    }

    @Test func `metadata belongs to the invoke of its own stream only`() throws {
        let data = CallMetadata.encode(["a": "b"])
        for (stream, expected) in [(2, ["a": "b"]), (3, [:])] as [(UInt64, [String: String])] {
            var connection = ServerConnectionState()
            let announcement = Packet(id: PacketID(stream: 2, message: 1), kind: .invokeMetadata, data: data)
            #expect(try connection.received(announcement) == .cancelCurrent)
            #expect(
                try connection.received(packet(.invoke, "/p", stream: stream, message: 2))
                    == .invocation(Invocation(stream: stream, path: "/p", metadata: expected)))
        }
    }

    @Test func `packets of streams nobody opened are ignored, bad metadata and long paths are not`() throws {
        var connection = ServerConnectionState()
        for kind in [.message, .error, .cancel, .close, .closeSend] as [PacketKind] {
            #expect(try connection.received(packet(kind, stream: 4)) == .ignored)
        }
        #expect(throws: ProtocolError.malformedMetadata) {
            try connection.received(packet(.invokeMetadata, "junk", stream: 4))
        }
        #expect(throws: ProtocolError.pathTooLong(1025)) {
            try connection.received(packet(.invoke, String(repeating: "a", count: 1025), stream: 5))
        }
    }
}
