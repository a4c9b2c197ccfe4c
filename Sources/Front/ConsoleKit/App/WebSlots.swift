import Synchronization

/// How many requests are answered at the same time.
final class WebSlots: Sendable {
    private let free: Mutex<Int>

    init(_ count: Int) { free = Mutex(count) }

    /// A slot; nil when all are taken. It is given back when nobody holds it any more.
    func take() -> Slot? {
        let isFree = free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
        return isFree ? Slot(self) : nil
    }

    final class Slot: Sendable {
        private let slots: WebSlots

        fileprivate init(_ slots: WebSlots) { self.slots = slots }

        deinit { slots.free.withLock { $0 += 1 } }
    }
}
