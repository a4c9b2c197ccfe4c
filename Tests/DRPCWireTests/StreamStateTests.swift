import DRPCWire
import NIOCore
import TestSupport
import Testing

@Suite struct StreamStateTests {
    private func packet(_ kind: PacketKind, _ text: String = "", stream: UInt64 = 1, message: UInt64 = 1) -> Packet {
        Packet(id: PacketID(stream: stream, message: message), kind: kind, data: ByteBuffer(string: text))
    }

    @Test func `messages, then the end of messages, then completion with our own`() throws {
        var stream = StreamState(id: 1)
        #expect(try stream.received(packet(.message, "a")) == .message(ByteBuffer(string: "a")))
        #expect(try stream.received(packet(.closeSend)) == .endOfMessages)
        #expect(try stream.received(packet(.message, "late")) == .ignored)
        #expect(try stream.received(packet(.closeSend)) == .ignored)
        #expect(stream.send(.message) == PacketID(stream: 1, message: 1))
        #expect(stream.end == nil)
        #expect(stream.send(.closeSend) == PacketID(stream: 1, message: 2))
        #expect(stream.end == .completed)
        #expect(stream.send(.message) == nil)
        #expect(try stream.received(packet(.close)) == .ignored)
    }

    @Test func `after our close of sending nothing but an end can be sent`() throws {
        var stream = StreamState(id: 9)
        #expect(stream.send(.closeSend)?.message == 1)
        #expect(!stream.canSend)
        #expect(stream.send(.message) == nil)
        #expect(stream.send(.closeSend) == nil)
        #expect(try stream.received(packet(.message, "x")) == .message(ByteBuffer(string: "x")))
        #expect(stream.send(.close)?.message == 2)
        #expect(stream.end == .endedHere)
        #expect(stream.send(.cancel) == nil)
        #expect(try stream.received(packet(.message, "y")) == .ignored)
    }

    @Test func `each way for the peer to end a stream ends it once`() throws {
        let failure = ErrorPayload(code: 5, message: "object not found")
        let ends: [(Packet, StreamEnd)] = [
            (packet(.close), .closed), (packet(.cancel), .cancelled),
            (Packet(id: PacketID(stream: 1, message: 1), kind: .error, data: failure.data), .failed(failure)),
        ]
        for (packet, end) in ends {
            var stream = StreamState(id: 1)
            #expect(try stream.received(packet) == .ended(end))
            #expect(stream.end == end)
            #expect(stream.send(.message) == nil)
            #expect(stream.send(.error) == nil)
            #expect(try stream.received(packet) == .ignored)
            stream.abandon()
            #expect(stream.end == end)
        }
    }

    @Test func `an invoke on a running stream and an error without a code are violations`() {
        var stream = StreamState(id: 1)
        #expect(throws: ProtocolError.unexpectedInvoke) { try stream.received(packet(.invoke)) }
        #expect(throws: ProtocolError.unexpectedInvoke) { try stream.received(packet(.invokeMetadata)) }
        #expect(throws: ProtocolError.malformedError) { try stream.received(packet(.error, "short")) }
    }

    @Test func `every kind in every order keeps the promises of an ended stream`() throws {
        let kinds: [PacketKind] = [.message, .error, .cancel, .close, .closeSend]
        for choice in 0..<(10 * 10 * 10 * 10) {
            var stream = StreamState(id: 1)
            var rest = choice
            var sent: UInt64 = 0
            for _ in 0..<4 {
                let kind = kinds[rest % 10 / 2]
                let end = stream.end
                if rest % 2 == 0 {
                    let payload = kind == .error ? "00000000" : ""
                    let received = try stream.received(packet(kind, payload))
                    if end != nil { #expect(received == .ignored) }
                } else if let id = stream.send(kind) {
                    #expect(end == nil)
                    sent += 1
                    #expect(id.message == sent)
                }
                if let end { #expect(stream.end == end) }
                rest /= 10
            }
        }
    }
}
