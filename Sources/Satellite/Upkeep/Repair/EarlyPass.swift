import Chores
import Overlay
import StorageModel
import Synchronization

/// Lets the next pass over all segments begin early when nodes report lost pieces: until a pass has found them, they count
/// as there.
///
/// Many reports become one pass, and passes of this kind come at most once in an interval.
final class EarlyPass: Sendable {
    private let isWanted = Mutex(false)

    /// Listens to an overlay's reports.
    init(overlay: Overlay) {
        overlay.onLostPieces { [weak self] _, _ in self?.isWanted.withLock { $0 = true } }
    }

    /// Begins a pass if one is wanted, and waits for it. While the operator has paused the passes the wish is kept.
    ///
    /// - Throws: what the pass throws; it is wanted again then.
    func advance(_ passes: Cycle) async throws {
        guard !passes.status.isPaused, isWanted.withLock({ isWanted in
            defer { isWanted = false }
            return isWanted
        }) else { return }
        do { try await passes.triggerAndWait() } catch {
            isWanted.withLock { $0 = true }
            throw error
        }
    }
}
