internal import DRPCWire
internal import NIOCore
package import WireMessages

/// A call as its handler sees it: messages come in, messages go out.
///
/// Returning from the handler ends the call well, throwing ends it with the error.
package struct RPCServerStream<In: WireMessage, Out: WireMessage>: Sendable {
    private let stream: RPCStream

    init(_ stream: RPCStream) { self.stream = stream }

    /// The caller's next message; nil once it sends no more. One task at a time may wait here.
    ///
    /// - Throws: `CancellationError` when the caller cancelled, an `RPCStatusError` when it reported an error or sent what
    ///   is no such message, `RPCError.connectionLost`.
    package func receive() async throws -> In? {
        try await stream.receiveMessage()
    }

    /// Sends a message; suspends while too much waits to be sent.
    ///
    /// - Throws: `CancellationError`, `RPCError.streamEnded` when the caller has closed the call, what encoding throws.
    package func send(_ message: Out) async throws {
        try await stream.send(PacketWriter.encode(message))
    }
}

extension RPCStream {
    /// The next message, parsed; nil at the end.
    func receiveMessage<Message: WireMessage>() async throws -> Message? {
        guard let bytes = try await receive() else { return nil }
        do {
            return try Message.parse(bytes)
        } catch let error as RPCStatusError {
            // The message itself knows what its senders expect to hear.
            throw error
        } catch {
            throw RPCStatusError(.invalidArgument, "malformed message")
        }
    }
}

extension PacketWriter {
    /// Encodes a message with room for its header.
    static func encode(_ message: some WireMessage) throws -> ByteBuffer {
        // Grows by itself: most messages fit, and those with data bring its size when they write it.
        var buffer = makeMessageBuffer(capacity: 480, allocator: ByteBufferAllocator())
        try message.encode(into: &buffer)
        return buffer
    }
}
