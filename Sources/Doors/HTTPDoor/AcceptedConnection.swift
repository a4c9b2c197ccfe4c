import HummingbirdCore
package import NIOCore
import Synchronization

/// A connection that was accepted. It closes when nobody takes it: a server that is cancelled drops those that it has
/// accepted and not begun with, and NIO ends the process when the writing end of such a one just goes away.
package final class AcceptedConnection: ServerChildChannelValue {
    private let value: HTTP1Channel.Value
    private let isTaken = Mutex(false)

    init(_ value: HTTP1Channel.Value) { self.value = value }

    package var channel: any Channel { value.channel }

    /// The connection, for the one who ends it.
    func take() -> HTTP1Channel.Value {
        isTaken.withLock { $0 = true }
        return value
    }

    deinit {
        guard !isTaken.withLock({ $0 }) else { return }
        Task { [value] in
            // It is being thrown away: how that goes does not matter.
            try? await value.executeThenClose { _, _ in }
        }
    }
}
