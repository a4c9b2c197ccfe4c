import Chores
import Synchronization

/// Sleeps that take no time, until one of them is cut as by a node that stops.
final class StoppingSleeper: Sendable {
    private let left: Mutex<Int>

    init(after count: Int) { left = Mutex(count) }

    var sleeper: Sleeper {
        Sleeper { _ in
            let isOver = self.left.withLock { left in
                left -= 1
                return left < 0
            }
            if isOver { throw CancellationError() }
        }
    }
}
