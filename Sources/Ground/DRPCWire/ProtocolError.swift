/// How a peer broke the framing or the rules of streams: its connection is closed.
///
/// - Source: protocol document 1 §2.1 and §2.2.
package enum ProtocolError: Error, Hashable, Sendable {
    /// An integer of more than 64 bits.
    case varintTooLong
    /// A frame whose id is 0, lower than its predecessor's, or that of a finished packet.
    case idNotIncreasing(PacketID)
    /// A frame of another kind inside a packet.
    case kindChange(from: UInt8, to: UInt8)
    /// A packet of more than the largest size.
    case packetTooLarge
    /// A packet of a kind nobody knows, without the control bit.
    case unknownKind(UInt8)
    /// An Invoke or its metadata inside a running stream.
    case unexpectedInvoke
    /// A path of an Invoke that is longer than `Invocation.maximumPathSize`.
    case pathTooLong(Int)
    /// Metadata that cannot be read.
    case malformedMetadata
    /// An error payload without its code.
    case malformedError
    /// A server that writes on a stream its client has not opened.
    case unknownStream(UInt64)
}

extension ProtocolError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .varintTooLong: "protocol error: varint too long"
        case .idNotIncreasing(let id): "protocol error: id monotonicity violation at \(id)"
        case .kindChange(let from, let to): "protocol error: packet kind change from \(from) to \(to)"
        case .packetTooLarge: "protocol error: packet too large"
        case .unknownKind(let kind): "protocol error: unknown packet kind \(kind)"
        case .unexpectedInvoke: "protocol error: invoke on existing stream"
        case .pathTooLong(let size): "protocol error: path of \(size) bytes"
        case .malformedMetadata: "protocol error: malformed metadata"
        case .malformedError: "protocol error: malformed error"
        case .unknownStream(let stream): "protocol error: unknown stream \(stream)"
        }
    }
}
