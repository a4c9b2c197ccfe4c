internal import DRPCWire
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
