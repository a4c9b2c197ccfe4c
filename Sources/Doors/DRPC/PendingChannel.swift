internal import NIOCore
internal import Synchronization

/// A channel that is being connected, so that whoever waits for it can give up.
final class PendingChannel: Sendable {
    private struct State {
        var channel: (any Channel)?
        var isCancelled = false
    }

    private let state = Mutex(State())

    /// Notes the channel as soon as it exists.
    ///
    /// - Throws: `CancellationError` when nobody waits for it any more.
    func begin(_ channel: any Channel) throws {
        let isCancelled = state.withLock { state in
            state.channel = channel
            return state.isCancelled
        }
        if isCancelled { throw CancellationError() }
    }

    /// Closes the channel, or keeps it from being connected.
    func cancel() {
        let channel = state.withLock { state in
            state.isCancelled = true
            return state.channel
        }
        channel?.close(promise: nil)
    }
}
