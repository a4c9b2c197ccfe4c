package import NIOCore

/// Where a packet stands on its connection: streams, then messages inside a stream, both counted from 1.
package struct PacketID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The stream, that is the call.
    package var stream: UInt64
    /// The packet inside the stream and direction.
    package var message: UInt64

    /// An id; 0 is not valid on the wire.
    package init(stream: UInt64, message: UInt64) {
        self.stream = stream
        self.message = message
    }

    package var description: String { "<id s:\(stream) m:\(message)>" }

    package static func < (left: Self, right: Self) -> Bool {
        left.stream != right.stream ? left.stream < right.stream : left.message < right.message
    }
}

/// What a packet is for.
///
/// - Source: protocol document 1 §2.1.
package enum PacketKind: UInt8, Sendable {
    /// Opens a stream; the data is the path of the method.
    case invoke = 1
    /// One encoded message.
    case message = 2
    /// Ends the stream with an `ErrorPayload`.
    case error = 3
    /// Ends the stream because the caller lost interest.
    case cancel = 4
    /// Ends the stream.
    case close = 5
    /// The sender sends no more messages.
    case closeSend = 6
    /// `CallMetadata` for the Invoke that follows on the same stream.
    case invokeMetadata = 7
}

/// One whole packet: the data of all its frames.
package struct Packet: Hashable, Sendable {
    /// Its place on the connection.
    package var id: PacketID
    /// What it is for.
    package var kind: PacketKind
    /// Whether one of its frames had the control bit.
    package var isControl: Bool
    /// Its data, at most 4 MiB.
    package var data: ByteBuffer

    /// A packet.
    package init(id: PacketID, kind: PacketKind, isControl: Bool = false, data: ByteBuffer = ByteBuffer()) {
        self.id = id
        self.kind = kind
        self.isControl = isControl
        self.data = data
    }
}
