internal import NIOCore
internal import StorageModel
internal import Synchronization

/// Idle connections of a dialer, by node.
final class ConnectionPool: Sendable {
    /// A connection and what closes it.
    struct Member: Sendable {
        let connection: ClientConnection
        let channel: any Channel
    }

    private struct Idle {
        let member: Member
        let expiry: Scheduled<Void>
        let serial: UInt64
    }

    private struct State {
        var idle: [NodeID: [Idle]] = [:]
        var count = 0
        var serial: UInt64 = 0
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
            idle.expiry.cancel()
            if idle.member.connection.isUsable, idle.member.channel.isActive { return idle.member }
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
    func put(_ member: Member, for node: NodeID) {
        guard member.connection.isUsable else { return member.channel.close(promise: nil) }
        let isKept = state.withLock { state in
            guard !state.isClosed, state.count < settings.maximumIdle,
                state.idle[node, default: []].count < settings.maximumIdlePerNode
            else { return false }
            state.serial += 1
            state.count += 1
            let serial = state.serial
            let expiry = member.channel.eventLoop.scheduleTask(in: TimeAmount(settings.idleTimeout)) {
                self.expire(node, serial)
            }
            state.idle[node, default: []].append(Idle(member: member, expiry: expiry, serial: serial))
            return true
        }
        if !isKept { member.channel.close(promise: nil) }
    }

    private func expire(_ node: NodeID, _ serial: UInt64) {
        let idle = state.withLock { state -> Idle? in
            guard let index = state.idle[node]?.firstIndex(where: { $0.serial == serial }) else { return nil }
            state.count -= 1
            let idle = state.idle[node]?.remove(at: index)
            if state.idle[node]?.isEmpty == true { state.idle[node] = nil }
            return idle
        }
        idle?.member.channel.close(promise: nil)
    }

    /// Closes all idle connections; those in use are closed when they come back.
    func close() async {
        let members = state.withLock { state in
            let members = state.idle.values.flatMap { $0 }
            state.idle = [:]
            state.count = 0
            state.isClosed = true
            return members
        }
        for idle in members {
            idle.expiry.cancel()
            // However it ends, it is closed then.
            try? await idle.member.channel.close().get()
        }
    }
}
