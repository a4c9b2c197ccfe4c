internal import DRPCWire
internal import NIOCore
internal import Synchronization
internal import WireMessages

/// One call, between the packets of a connection on one side and a task on the other.
///
/// Packets come in on an event loop and are queued here; when more than `limit` bytes wait, the connection stops
/// reading until the task has taken half of them. A final class with one lock: both sides touch it once a message.
final class RPCStream: Sendable {
    /// Whether the connection shall go on reading.
    enum Flow {
        case more, pause
    }

    private struct State {
        var stream: StreamState
        var messages = CircularBuffer<ByteBuffer>(initialCapacity: 4)
        var byteCount = 0
        var hasEnded = false
        var failure: RPCError?
        var isPaused = false
        /// Set when the task is done: what still comes is dropped.
        var isAbandoned = false
    }

    private enum Taken {
        case message(ByteBuffer, isRoomMade: Bool)
        case end
        case failure(any Error)
        case nothing
    }

    private let output: any PacketOutput
    private let limit: Int
    private let budget: BufferBudget
    private let state: Mutex<State>
    /// Open while there is something to receive, the end included.
    private let arrivals = Gate(isOpen: false)

    /// - Parameter limit: bytes of received messages that may wait, at least 1.
    init(id: UInt64, output: any PacketOutput, limit: Int, budget: BufferBudget) {
        self.output = output
        self.limit = limit
        self.budget = budget
        state = Mutex(State(stream: StreamState(id: id)))
    }

    deinit {
        let count = state.withLock { $0.byteCount }
        if count > 0 { budget.release(count) }
    }

    /// How the stream ended, nil while it runs.
    var end: StreamEnd? { state.withLock { $0.stream.end } }

    /// The stream's number.
    var id: UInt64 { state.withLock { $0.stream.id } }

    // MARK: The connection's side

    /// Takes a packet of this stream.
    ///
    /// - Returns: what to do next, and the way the stream ended if this packet ended it.
    func deliver(_ packet: Packet) throws(ProtocolError) -> (flow: Flow, end: StreamEnd?) {
        let result = state.withLock { state -> Result<(Flow, StreamEnd?), ProtocolError> in
            do throws(ProtocolError) {
                return .success(Self.apply(try state.stream.received(packet), to: &state, limit: limit, budget: budget))
            } catch {
                return .failure(error)
            }
        }
        let (flow, end) = try result.get()
        arrivals.open()
        if let end {
            if end == .cancelled { output.discard(stream: packet.id.stream) }
            // Whoever waits for room on a stream that is over finds out by trying again.
            output.room.open()
        }
        return (flow, end)
    }

    private static func apply(
        _ received: StreamState.Received, to state: inout State, limit: Int, budget: BufferBudget
    ) -> (Flow, StreamEnd?) {
        switch received {
        case .message where state.isAbandoned:
            return (.more, nil)
        case .message(let message):
            state.messages.append(message)
            state.byteCount += message.readableBytes
            budget.take(message.readableBytes)
            // Empty messages count too: their number is bounded by charging each a minimum.
            guard state.byteCount + state.messages.count * 256 > limit else { return (.more, nil) }
            state.isPaused = true
            return (.pause, nil)
        case .endOfMessages:
            state.hasEnded = true
            return (.more, nil)
        case .ended(let end):
            state.hasEnded = true
            if end == .cancelled { drop(&state, budget: budget) }
            return (.more, end)
        case .ignored:
            return (.more, nil)
        }
    }

    private static func drop(_ state: inout State, budget: BufferBudget) {
        budget.release(state.byteCount)
        state.messages.removeAll()
        state.byteCount = 0
    }

    /// Ends the stream because its connection is gone or broke the protocol.
    func fail(_ error: RPCError) {
        state.withLock { state in
            if state.stream.end == nil { state.failure = error }
            state.stream.abandon()
            state.hasEnded = true
        }
        arrivals.open()
    }

    // MARK: The task's side

    /// The next message; nil when the peer sends no more.
    func receive() async throws -> ByteBuffer? {
        while true {
            switch state.withLock({ Self.take(&$0, limit: limit, budget: budget, arrivals: arrivals) }) {
            case .message(let message, let isRoomMade):
                if isRoomMade { output.resumeInput() }
                return message
            case .end: return nil
            case .failure(let error): throw error
            case .nothing:
                output.flush()
                try await arrivals.pass()
            }
        }
    }

    private static func take(_ state: inout State, limit: Int, budget: BufferBudget, arrivals: Gate) -> Taken {
        if let message = state.messages.popFirst() {
            state.byteCount -= message.readableBytes
            budget.release(message.readableBytes)
            let isRoomMade = state.isPaused && state.byteCount + state.messages.count * 256 <= limit / 2
            if isRoomMade { state.isPaused = false }
            return .message(message, isRoomMade: isRoomMade)
        }
        if let failure = state.failure { return .failure(failure) }
        switch state.stream.end {
        case .failed(let payload):
            return .failure(RPCStatusError(code: RPCStatusCode(rawValue: payload.code), message: payload.message))
        case .cancelled: return .failure(CancellationError())
        case .endedHere, .closed, .completed: return .end
        case nil:
            if state.hasEnded { return .end }
            arrivals.close()
            return .nothing
        }
    }

    /// Sends a message made by `PacketWriter.makeMessageBuffer` and waits until there is room for the next.
    ///
    /// - Parameter isLast: whether an end follows at once, so that both can travel together.
    func send(_ message: consuming ByteBuffer, isLast: Bool = false) async throws {
        guard message.readableBytes <= PacketReader.maximumPacketSize else {
            throw RPCError.messageTooLarge(message.readableBytes)
        }
        if !isLast { try await output.room.pass() }
        // The room may have opened because the stream is over: that shows here.
        guard put(.message, message, isFlushed: !isLast) else { throw sendFailure }
    }

    /// Sends a message without waiting for room.
    func sendNow(_ message: inout ByteBuffer, isLast: Bool) throws {
        guard message.readableBytes <= PacketReader.maximumPacketSize else {
            throw RPCError.messageTooLarge(message.readableBytes)
        }
        guard put(.message, taking: &message, isFlushed: !isLast) else { throw sendFailure }
        if isLast { put(.closeSend) }
    }

    /// Whether less waits to be sent than the connection allows.
    var hasRoom: Bool { output.room.isOpen }

    /// Calls `observer` whenever there may be room again, until the task is done with the stream.
    func observeRoom(_ observer: @escaping @Sendable () -> Void) {
        output.room.observe(observer)
    }

    /// Sends a packet without waiting for room; false when the stream is over.
    @discardableResult
    func put(_ kind: PacketKind, _ data: consuming ByteBuffer = ByteBuffer(), isFlushed: Bool = true) -> Bool {
        var data = data
        return put(kind, taking: &data, isFlushed: isFlushed)
    }

    /// The same for a buffer that is left empty: nothing else refers to the bytes then, and they are framed without a copy.
    private func put(_ kind: PacketKind, taking data: inout ByteBuffer, isFlushed: Bool) -> Bool {
        let isSent = state.withLock { state in
            guard let id = state.stream.send(kind) else { return false }
            output.put(kind, id: id, data: &data)
            return true
        }
        if isSent, isFlushed { output.flush() }
        return isSent
    }

    private var sendFailure: any Error {
        state.withLock { state in
            if let failure = state.failure { return failure }
            switch state.stream.end {
            case .cancelled: return CancellationError()
            case .failed(let payload):
                return RPCStatusError(code: RPCStatusCode(rawValue: payload.code), message: payload.message)
            default: return RPCError.streamEnded
            }
        }
    }

    /// Drops what nobody will receive and lets the connection read on. The task is done with the stream.
    func finishReceiving() {
        output.room.observe(nil)
        let wasPaused = state.withLock { state in
            Self.drop(&state, budget: budget)
            state.isAbandoned = true
            defer { state.isPaused = false }
            return state.isPaused
        }
        if wasPaused { output.resumeInput() }
    }
}
