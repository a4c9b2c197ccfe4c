package import NIOCore

/// How a stream came to its end.
package enum StreamEnd: Hashable, Sendable {
    /// Both sides have said that they send no more.
    case completed
    /// The peer closed it.
    case closed
    /// The peer cancelled it, or opened another one.
    case cancelled
    /// The peer reported an error.
    case failed(ErrorPayload)
    /// We ended it.
    case endedHere
}

/// One call on a connection, as either side sees it: what may be sent, and what a received packet means.
///
/// ```
///            our closeSend              peer's closeSend
///   open ───────────────────► half ───────────────────────► completed
///     │                        │
///     ├── peer's close ────────┴──► closed       ├── our error, cancel or close ──► endedHere
///     ├── peer's error ───────────► failed
///     └── peer's cancel ──────────► cancelled
/// ```
/// - Source: protocol document 1 §2.2.
package struct StreamState: Sendable {
    /// The stream's number.
    package let id: UInt64
    /// Set once the stream is over: nothing is sent any more, and what arrives is ignored.
    package private(set) var end: StreamEnd?
    private var nextMessage: UInt64 = 1
    private var hasClosedSend = false
    private var peerHasClosedSend = false

    /// What a received packet means to the user of the stream.
    package enum Received: Hashable, Sendable {
        /// A message to deliver.
        case message(ByteBuffer)
        /// No message will follow those delivered.
        case endOfMessages
        /// The stream is over.
        case ended(StreamEnd)
        /// Nothing, as after the end.
        case ignored
    }

    /// An open stream.
    package init(id: UInt64) {
        self.id = id
    }

    /// Whether messages may still be sent.
    package var canSend: Bool { end == nil && !hasClosedSend }

    /// Takes a packet of this stream.
    ///
    /// - Throws: `unexpectedInvoke`, `malformedError`.
    package mutating func received(_ packet: Packet) throws(ProtocolError) -> Received {
        if packet.kind == .invoke || packet.kind == .invokeMetadata { throw .unexpectedInvoke }
        guard end == nil else { return .ignored }
        switch packet.kind {
        case .message:
            return peerHasClosedSend ? .ignored : .message(packet.data)
        case .closeSend:
            if peerHasClosedSend { return .ignored }
            peerHasClosedSend = true
            if hasClosedSend { end = .completed }
            return .endOfMessages
        case .close:
            return finish(.closed)
        case .cancel:
            return finish(.cancelled)
        case .error:
            return finish(.failed(try ErrorPayload(parsing: packet.data)))
        case .invoke, .invokeMetadata:
            throw .unexpectedInvoke
        }
    }

    /// Takes the id for a packet we are about to send, and follows what it does to the stream.
    ///
    /// - Returns: nil when nothing of this kind may be sent any more.
    package mutating func send(_ kind: PacketKind) -> PacketID? {
        guard end == nil else { return nil }
        switch kind {
        case .invoke, .invokeMetadata, .message:
            guard !hasClosedSend else { return nil }
        case .closeSend:
            guard !hasClosedSend else { return nil }
            hasClosedSend = true
            if peerHasClosedSend { end = .completed }
        case .error, .cancel, .close:
            end = .endedHere
        }
        defer { nextMessage += 1 }
        return PacketID(stream: id, message: nextMessage)
    }

    /// Ends the stream without a packet, because a later stream replaced it or the connection is gone.
    package mutating func abandon() {
        if end == nil { end = .cancelled }
    }

    private mutating func finish(_ reason: StreamEnd) -> Received {
        end = reason
        return .ended(reason)
    }
}
