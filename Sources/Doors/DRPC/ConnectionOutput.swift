internal import DRPCWire
internal import NIOCore
internal import Synchronization

/// What a TLS connection has still to send, put by tasks and taken by the event loop.
///
/// Tasks pay one hop to the event loop for everything they put before the loop comes to it.
final class ConnectionOutput: PacketOutput {
    /// A packet of at most this many bytes is copied behind its predecessor: one TLS record for both.
    private static let mergeSize = 4 << 10
    /// Bytes written between two flushes.
    static let flushSize = 64 << 10

    private struct State {
        var entries = CircularBuffer<(stream: UInt64, buffer: ByteBuffer)>(initialCapacity: 4)
        var byteCount = 0
        var isScheduled = false
        var handler: NIOLoopBound<ConnectionHandler>?
    }

    let room = Gate(isOpen: true)
    private let eventLoop: any EventLoop
    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: bytes that may wait before senders do.
    init(eventLoop: any EventLoop, limit: Int) {
        self.eventLoop = eventLoop
        self.limit = limit
    }

    func put(_ kind: PacketKind, id: PacketID, data: inout ByteBuffer) {
        if FrameHeader.maximumSize + data.readableBytes <= Self.mergeSize {
            let small = data
            let isMerged = state.withLock { Self.merge(kind, id: id, data: small, into: &$0, limit: limit, room: room) }
            if isMerged { return }
        }
        // Framed outside the lock: only what nobody else refers to is framed without a copy.
        var framed = ByteBuffer()
        swap(&framed, &data)
        if kind == .message {
            PacketWriter.frame(&framed, kind: kind, id: id)
        } else {
            var buffer = ByteBuffer()
            buffer.reserveCapacity(FrameHeader.maximumSize + framed.readableBytes)
            PacketWriter.write(kind, id: id, data: framed, into: &buffer)
            framed = buffer
        }
        let entry = (stream: id.stream, buffer: framed)
        state.withLock { state in
            guard state.handler != nil else { return }
            state.byteCount += entry.buffer.readableBytes
            state.entries.append(entry)
            if state.byteCount > limit { room.close() }
        }
    }

    /// Appends a small packet to the last entry when that costs no more than its own bytes.
    private static func merge(
        _ kind: PacketKind, id: PacketID, data: ByteBuffer, into state: inout State, limit: Int, room: Gate
    ) -> Bool {
        let size = FrameHeader.maximumSize + data.readableBytes
        guard state.handler != nil, !state.entries.isEmpty else { return false }
        let last = state.entries.index(before: state.entries.endIndex)
        guard state.entries[last].stream == id.stream,
            state.entries[last].buffer.writableBytes >= size || state.entries[last].buffer.readableBytes <= mergeSize
        else { return false }
        // In place: the subscript would hand out a copy, and the write would copy all its bytes.
        state.byteCount += state.entries.modify(last) { entry in
            let before = entry.buffer.readableBytes
            PacketWriter.write(kind, id: id, data: data, into: &entry.buffer)
            return entry.buffer.readableBytes - before
        }
        if state.byteCount > limit { room.close() }
        return true
    }

    func flush() {
        let handler = state.withLock { state -> NIOLoopBound<ConnectionHandler>? in
            guard !state.isScheduled, !state.entries.isEmpty else { return nil }
            state.isScheduled = true
            return state.handler
        }
        guard let handler else { return }
        if eventLoop.inEventLoop {
            handler.value.drain()
        } else {
            eventLoop.execute { handler.value.drain() }
        }
    }

    func discard(stream: UInt64) {
        let waiters = state.withLock { state in
            guard state.entries.contains(where: { $0.stream == stream }) else { return Gate.Waiters.none }
            state.entries.removeAll { $0.stream == stream }
            state.byteCount = state.entries.reduce(0) { $0 + $1.buffer.readableBytes }
            return state.byteCount <= limit / 2 ? room.unlock() : .none
        }
        waiters.resume()
    }

    func resumeInput() {
        guard let handler = state.withLock({ $0.handler }) else { return }
        if eventLoop.inEventLoop {
            handler.value.resumeReading()
        } else {
            eventLoop.execute { handler.value.resumeReading() }
        }
    }

    // MARK: The event loop's side

    /// Connects the output to the handler that sends.
    func open(_ handler: NIOLoopBound<ConnectionHandler>) {
        state.withLock { $0.handler = handler }
    }

    /// The next buffers to write, `flushSize` bytes or somewhat more.
    ///
    /// - Returns: the buffers, and whether nothing is left; a new `flush()` is needed then.
    func next() -> (buffers: [ByteBuffer], isEmpty: Bool) {
        let (buffers, isEmpty, waiters) = state.withLock { state in
            var buffers: [ByteBuffer] = []
            var size = 0
            while size < Self.flushSize, let entry = state.entries.popFirst() {
                size += entry.buffer.readableBytes
                buffers.append(entry.buffer)
            }
            let before = state.byteCount
            state.byteCount -= size
            if state.entries.isEmpty { state.isScheduled = false }
            // Opened under the lock, as it is closed, so that the gate always agrees with the count.
            let isRoomMade = before > limit / 2 && state.byteCount <= limit / 2
            return (buffers, state.entries.isEmpty, isRoomMade ? room.unlock() : .none)
        }
        waiters.resume()
        return (buffers, isEmpty)
    }

    /// Drops everything; what is put from now on goes nowhere.
    func close() {
        state.withLock { state in
            state.handler = nil
            state.entries.removeAll()
            state.byteCount = 0
        }
        room.open()
    }
}
