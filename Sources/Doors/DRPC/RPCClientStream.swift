internal import DRPCWire
package import NIOCore
package import WireMessages

/// A call as its caller sees it: messages go out, messages come in.
package struct RPCClientStream<Out: WireMessage, In: WireMessage>: Sendable {
    private let stream: RPCStream

    init(_ stream: RPCStream) { self.stream = stream }

    /// Sends a message; suspends while too much waits to be sent.
    ///
    /// - Throws: `RPCStatusError` when the peer has answered with an error, `RPCError.streamEnded` when it has ended the call,
    ///   `CancellationError`, what encoding throws.
    package func send(_ message: Out) async throws {
        try await stream.send(PacketWriter.encode(message))
    }

    /// Sends a message and says that it was the last.
    package func sendLast(_ message: Out) async throws {
        try await stream.send(PacketWriter.encode(message), isLast: true)
        stream.put(.closeSend)
    }

    /// Bytes that an encoded message needs free before it, so that it is sent without a copy.
    package static var headerRoom: Int { PacketWriter.headerRoom }

    /// Whether a message can be sent now without making what waits to be sent too long.
    package var hasRoom: Bool { stream.hasRoom }

    /// Calls `observer` from now on whenever there may be room again, on any thread, until the call is over.
    package func observeRoom(_ observer: @escaping @Sendable () -> Void) {
        stream.observeRoom(observer)
    }

    /// Sends an encoded message without waiting; the caller minds `hasRoom`.
    ///
    /// - Parameters:
    ///   - message: an encoded `Out` with `headerRoom` free bytes before its readable ones, whose storage nobody shares;
    ///     left empty.
    ///   - isLast: says at the same time that no more messages come.
    /// - Throws: as `send(_:)`.
    package func sendNow(encoded message: inout ByteBuffer, isLast: Bool = false) throws {
        try stream.sendNow(&message, isLast: isLast)
    }

    /// Says that no more messages come. Harmless when the call is over.
    package func closeSend() {
        stream.put(.closeSend)
    }

    /// The peer's next message; nil once it sends no more. One task at a time may wait here.
    ///
    /// - Throws: an `RPCStatusError` that the peer answered, `RPCError`, `CancellationError`.
    package func receive() async throws -> In? {
        try await stream.receiveMessage()
    }
}
