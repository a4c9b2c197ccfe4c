package import NIOCore

/// Turns the bytes of one direction of a connection into packets.
///
/// ```
///            ┌──────────── frame not done ────────────┐
///            ▼                                        │
///   header ─────► data (copied as it comes, at most 4 MiB a packet) ── done ──► packet
/// ```
/// A value that owns at most one unfinished packet and an unfinished header. It never allocates by a size a peer
/// announced: memory grows with the bytes that have arrived.
/// - Source: protocol document 1 §2.1.
package struct PacketReader: Sendable {
    /// The most data a packet has, 4 MiB: the limit of every peer.
    package static let maximumPacketSize = 4 << 20

    /// Room made at once for a packet of several frames, bytes: what such a packet of the same sender needed last,
    /// within these bounds.
    static let firstCapacity = 16 << 10...128 << 10

    private let limit: Int
    private var partialHeader = ByteBuffer()
    private var header: FrameHeader?
    /// Bytes of the current frame's data still to come.
    private var missing = 0
    private var current = PacketID(stream: 0, message: 0)
    private var kind: UInt8?
    private var isControl = false
    private var isFinished = true
    private var data = ByteBuffer()
    private var capacityHint = PacketReader.firstCapacity.lowerBound

    /// A reader at the start of a connection. Packets of more than `limit` bytes are refused.
    package init(limit: Int = PacketReader.maximumPacketSize) {
        self.limit = limit
    }

    /// How many bytes of an unfinished packet are held.
    package var heldByteCount: Int { data.readableBytes }

    /// Takes bytes from `input` until a packet is complete; nil once all of `input` is taken.
    ///
    /// - Throws: the peer's violation; the reader must not be used again.
    package mutating func read(_ input: inout ByteBuffer) throws(ProtocolError) -> Packet? {
        while true {
            if header == nil {
                guard let next = try readHeader(&input) else { return nil }
                try accept(next)
            }
            guard takeData(&input) else { return nil }
            if let packet = try finishFrame() { return packet }
        }
    }

    private mutating func readHeader(_ input: inout ByteBuffer) throws(ProtocolError) -> FrameHeader? {
        if partialHeader.readableBytes == 0 {
            if let header = try FrameHeader(reading: &input) { return header }
            partialHeader.writeBuffer(&input)
            return nil
        }
        // A header that was cut: byte by byte, so that nothing behind it is taken.
        while let byte: UInt8 = input.readInteger() {
            partialHeader.writeInteger(byte)
            if let header = try FrameHeader(reading: &partialHeader) {
                partialHeader.clear()
                return header
            }
        }
        return nil
    }

    /// Applies the rules of ids, kinds and sizes.
    private mutating func accept(_ next: FrameHeader) throws(ProtocolError) {
        guard next.id.stream > 0, next.id.message > 0, next.id >= current, !(isFinished && next.id == current) else {
            throw .idNotIncreasing(next.id)
        }
        if next.id > current {
            // An unfinished packet is dropped in silence when a later one begins.
            current = next.id
            kind = nil
            isControl = false
            isFinished = false
            data = ByteBuffer()
        }
        if let kind, kind != next.kind { throw .kindChange(from: kind, to: next.kind) }
        guard next.dataSize <= UInt64(limit - data.readableBytes) else { throw .packetTooLarge }
        kind = next.kind
        isControl = isControl || next.isControl
        header = next
        missing = Int(next.dataSize)
    }

    /// Takes data of the current frame; true once it is complete.
    private mutating func takeData(_ input: inout ByteBuffer) -> Bool {
        if missing == 0 { return true }
        let count = min(missing, input.readableBytes)
        guard count > 0, var slice = input.readSlice(length: count) else { return false }
        // Always copied, never sliced out of the input: the TLS layer reuses its buffer only while nobody holds it.
        if data.capacity == 0 {
            let isWhole = header?.isDone == true && count == missing
            data.reserveCapacity(isWhole ? count : max(count, capacityHint))
        }
        data.writeBuffer(&slice)
        missing -= count
        return missing == 0
    }

    /// Ends the current frame and, when it is the last one, the packet; nil for one that is to be ignored.
    private mutating func finishFrame() throws(ProtocolError) -> Packet? {
        guard let header else { return nil }
        self.header = nil
        guard header.isDone else { return nil }
        isFinished = true
        let packetData = data
        data = ByteBuffer()
        guard let kind = PacketKind(rawValue: header.kind) else {
            guard isControl else { throw .unknownKind(header.kind) }
            return nil
        }
        capacityHint = min(max(packetData.readableBytes, Self.firstCapacity.lowerBound), Self.firstCapacity.upperBound)
        return Packet(id: current, kind: kind, isControl: isControl, data: packetData)
    }
}
