internal import DRPCWire
internal import NIOCore
internal import Synchronization

/// The way from one stream to the other end of the same call in the same process.
final class DirectLink: PacketOutput {
    /// Bytes that wait at either end, as over TLS.
    private static let limit = 128 << 10

    private struct State {
        var packets = CircularBuffer<Packet>()
        var target: RPCStream?
        var isDelivering = false
    }

    let room = Gate(isOpen: true)
    private let state = Mutex(State())
    /// The other direction, kept by its stream.
    private let opposite = Mutex(Opposite())

    private struct Opposite {
        weak var link: DirectLink?
    }

    /// Both ends of a new call, numbered 1.
    static func pair() -> (RPCStream, RPCStream) {
        let (left, right) = (DirectLink(), DirectLink())
        let budget = BufferBudget(limit: .max)
        let near = RPCStream(id: 1, output: left, limit: limit, budget: budget)
        let far = RPCStream(id: 1, output: right, limit: limit, budget: budget)
        left.connect(to: far, opposite: right)
        right.connect(to: near, opposite: left)
        return (near, far)
    }

    private func connect(to target: RPCStream, opposite: DirectLink) {
        state.withLock { $0.target = target }
        self.opposite.withLock { $0.link = opposite }
    }

    func put(_ kind: PacketKind, id: PacketID, data: inout ByteBuffer) {
        // The Invoke has found its handler already.
        guard kind != .invoke else { return }
        let packet = Packet(id: id, kind: kind, isControl: kind == .cancel, data: data)
        state.withLock { $0.packets.append(packet) }
    }

    func flush() {
        while let (target, packet) = next() {
            // Closed before, because the receiver may make room before `deliver` returns.
            if packet.kind == .message { room.close() }
            // A stream never breaks the protocol against its like.
            let flow = try? target.deliver(packet).flow
            if packet.kind == .message, flow != .pause { room.open() }
            let isOver = state.withLock { state in
                state.isDelivering = false
                return target.end != nil
            }
            if isOver { release() }
        }
    }

    /// The next packet for a caller who alone may deliver it, so that packets arrive in order.
    private func next() -> (RPCStream, Packet)? {
        state.withLock { state in
            guard !state.isDelivering, let target = state.target, let packet = state.packets.popFirst() else {
                return nil
            }
            state.isDelivering = true
            return (target, packet)
        }
    }

    /// Breaks the ring of links and streams once the call is over.
    private func release() {
        state.withLock { $0.target = nil }
        room.open()
    }

    func discard(stream: UInt64) {
        state.withLock { $0.packets.removeAll() }
    }

    func resumeInput() {
        opposite.withLock { $0.link }?.room.open()
    }
}
