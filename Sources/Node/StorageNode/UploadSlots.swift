import Synchronization

/// How many uploads run at the same time.
final class UploadSlots: Sendable {
    private let maximum: Int
    private let taken = Mutex(0)

    /// - Parameter maximum: 0 is unlimited.
    init(maximum: Int) { self.maximum = maximum }

    /// Takes a slot; false when none is free.
    func take() -> Bool {
        taken.withLock { taken in
            guard maximum == 0 || taken < maximum else { return false }
            taken += 1
            return true
        }
    }

    /// Gives a slot back.
    func release() { taken.withLock { $0 -= 1 } }
}
