internal import NIOCore
internal import Synchronization

/// The open connections of a server, counted in all and by address.
final class ConnectionRegistry: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var countByHost: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let maximum: Int
    private let maximumPerHost: Int

    init(maximum: Int, maximumPerHost: Int) {
        self.maximum = maximum
        self.maximumPerHost = maximumPerHost
    }

    /// How many connections are open.
    var count: Int { state.withLock { $0.channels.count } }

    /// Counts a connection until it closes; false when there are too many.
    func admit(_ channel: any Channel) -> Bool {
        let host = channel.remoteAddress?.ipAddress ?? ""
        let key = ObjectIdentifier(channel)
        let isAdmitted = state.withLock { state in
            let hostCount = state.countByHost[host, default: 0]
            guard state.channels.count < maximum, hostCount < maximumPerHost else { return false }
            state.countByHost[host] = hostCount + 1
            state.channels[key] = channel
            return true
        }
        if isAdmitted { channel.closeFuture.whenComplete { _ in self.remove(key, host) } }
        return isAdmitted
    }

    private func remove(_ key: ObjectIdentifier, _ host: String) {
        state.withLock { state in
            state.channels[key] = nil
            let count = state.countByHost[host, default: 1] - 1
            state.countByHost[host] = count > 0 ? count : nil
        }
    }

    /// Closes all connections and waits until they are.
    func closeAll() async {
        let channels = state.withLock { Array($0.channels.values) }
        for channel in channels { channel.close(promise: nil) }
        for channel in channels {
            // However a connection ended, it has.
            try? await channel.closeFuture.get()
        }
    }
}
