internal import NIOCore

/// A call as it arrives: which method, and what the caller says about it.
package struct Invocation: Hashable, Sendable {
    /// The most bytes of a path; the longest path in use has 47.
    package static let maximumPathSize = 1024

    /// The stream it opens.
    package let stream: UInt64
    /// `/package.Service/Method`.
    package let path: String
    /// Empty with today's clients.
    package let metadata: [String: String]

    /// A call.
    package init(stream: UInt64, path: String, metadata: [String: String]) {
        self.stream = stream
        self.path = path
        self.metadata = metadata
    }
}

/// Sorts the packets a server receives: a new call, something for the current call, or nothing.
///
/// One call at a time: an Invoke with a higher stream id ends the one before it.
/// - Source: protocol document 1 §2.2.
package struct ServerConnectionState: Sendable {
    /// Where a packet belongs.
    package enum Route: Hashable, Sendable {
        /// A new call. The one before it, if it still runs, is cancelled.
        case invocation(Invocation)
        /// The current call is cancelled, and a new one is about to follow.
        case cancelCurrent
        /// For the current stream.
        case current(Packet)
        /// Nothing to do.
        case ignored
    }

    private var current: UInt64 = 0
    private var announced: (stream: UInt64, metadata: [String: String])?

    /// The state at the start of a connection.
    package init() {}

    /// Takes a packet.
    ///
    /// - Throws: `unexpectedInvoke`, `pathTooLong`, `malformedMetadata`.
    package mutating func received(_ packet: Packet) throws(ProtocolError) -> Route {
        guard packet.id.stream > current else {
            return packet.id.stream == current ? .current(packet) : .ignored
        }
        switch packet.kind {
        case .invokeMetadata:
            announced = (packet.id.stream, try CallMetadata.parse(packet.data))
            return .cancelCurrent
        case .invoke:
            let size = packet.data.readableBytes
            guard size <= Invocation.maximumPathSize else { throw .pathTooLong(size) }
            current = packet.id.stream
            // Metadata of another stream is dropped.
            let metadata = announced.flatMap { $0.stream == current ? $0.metadata : nil } ?? [:]
            announced = nil
            return .invocation(Invocation(stream: current, path: String(buffer: packet.data), metadata: metadata))
        case .message, .error, .cancel, .close, .closeSend:
            return .ignored
        }
    }
}
