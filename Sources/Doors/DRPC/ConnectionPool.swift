internal import NIOCore
internal import StorageModel
internal import Synchronization

/// Idle connections of a dialer, by node.
final class ConnectionPool: Sendable {
    /// A connection and what closes it.
    struct Member: Sendable {
        let connection: ClientConnection
        let channel: any Channel

        /// Whether another call can be made on it.
        var isAlive: Bool { connection.isUsable && channel.isActive }
    }

    private struct Idle {
        let member: Member
        let expiry: NIODeadline
    }

    private struct State {
        /// Of every node the one used last at the end.
        var idle: [NodeID: [Idle]] = [:]
        var count = 0
        /// One timer for all: calls are too many to set one each.
        var sweep: Scheduled<Void>?
        var isClosed = false
    }

    private let settings: RPCDialerSettings
    private let state = Mutex(State())

    init(settings: RPCDialerSettings) { self.settings = settings }

    /// How many connections are idle.
    var count: Int { state.withLock { $0.count } }

    /// Whether the pool takes no more connections.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// The connection to `node` that was used last, if one is idle and alive.
    func take(_ node: NodeID) -> Member? {
        while let idle = state.withLock({ Self.removeLast(node, &$0) }) {
            if idle.member.isAlive { return idle.member }
        }
        return nil
    }

    private static func removeLast(_ node: NodeID, _ state: inout State) -> Idle? {
        guard let idle = state.idle[node]?.popLast() else { return nil }
        state.count -= 1
        if state.idle[node]?.isEmpty == true { state.idle[node] = nil }
        return idle
    }

    /// Keeps a connection for the next call, or closes it when it is broken or there are enough.
    ///
    /// One that still has bytes of a cancelled call to send is broken too: its peer does not read.
    func put(_ member: Member, for node: NodeID) {
        guard member.isAlive, member.channel.isWritable else { return member.channel.close(promise: nil) }
        let isKept = state.withLock { state in
            guard !state.isClosed, state.count < settings.maximumIdle,
                state.idle[node, default: []].count < settings.maximumIdlePerNode
            else { return false }
            state.count += 1
            let expiry = NIODeadline.now() + TimeAmount(settings.idleTimeout)
            state.idle[node, default: []].append(Idle(member: member, expiry: expiry))
            if state.sweep == nil { state.sweep = schedule(at: expiry, on: member.channel.eventLoop) }
            return true
        }
        if !isKept { member.channel.close(promise: nil) }
    }

    private func schedule(at deadline: NIODeadline, on eventLoop: any EventLoop) -> Scheduled<Void> {
        eventLoop.scheduleTask(deadline: deadline) { self.sweep(on: eventLoop) }
    }

    /// Closes what was idle for too long and comes again for the rest.
    private func sweep(on eventLoop: any EventLoop) {
        let now = NIODeadline.now()
        let expired = state.withLock { state -> [Idle] in
            let expired = state.idle.values.flatMap { $0.filter { $0.expiry <= now } }
            if !expired.isEmpty {
                state.idle = state.idle.mapValues { $0.filter { $0.expiry > now } }.filter { !$0.value.isEmpty }
                state.count -= expired.count
            }
            let next = state.idle.values.compactMap { $0.first?.expiry }.min()
            state.sweep = next.map { schedule(at: $0, on: eventLoop) }
            return expired
        }
        for idle in expired { idle.member.channel.close(promise: nil) }
    }

    /// Closes all idle connections; those in use are closed when they come back.
    func close() async {
        let (members, sweep) = state.withLock { state in
            let members = state.idle.values.flatMap { $0 }
            state.idle = [:]
            state.count = 0
            state.isClosed = true
            defer { state.sweep = nil }
            return (members, state.sweep)
        }
        sweep?.cancel()
        for idle in members {
            // However it ends, it is closed then.
            try? await idle.member.channel.close().get()
        }
    }
}
