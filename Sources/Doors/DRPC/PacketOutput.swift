internal import DRPCWire
internal import NIOCore

/// Where a stream puts the packets it sends: a TLS connection, or in process the stream at the other end.
protocol PacketOutput: AnyObject, Sendable {
    /// Takes a packet. The data of a message has `PacketWriter.headerRoom` free bytes before it, and should belong to
    /// nobody else: it is framed where it lies.
    ///
    /// Called under the stream's lock, so that packets leave in the order of their ids; must not call back into a stream.
    /// Nothing is sent before `flush()`.
    func put(_ kind: PacketKind, id: PacketID, data: inout ByteBuffer)

    /// Sends what waits.
    func flush()

    /// Open while there is room for more.
    var room: Gate { get }

    /// Drops what a stream has put and what has not been sent yet.
    func discard(stream: UInt64)

    /// The stream has room again for what the peer sends.
    func resumeInput()
}
