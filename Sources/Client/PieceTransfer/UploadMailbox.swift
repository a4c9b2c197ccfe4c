internal import Synchronization

/// What the tasks of an upload tell the one that decides.
final class UploadMailbox: Sendable {
    /// Something that happened.
    enum Event: Sendable {
        /// The node of an attempt takes messages.
        case opened(Int, PieceSender.Stream)
        /// A piece is stored, the node's answer verified.
        case stored(Int, UploadedPiece)
        /// An attempt is over.
        case failed(Int, reason: String, isNodeToBlame: Bool)
        /// The satellite has other nodes for pieces.
        case exchanged([Int], SegmentAssignment)
        /// The satellite has none.
        case exchangeFailed(any Error)
        /// Time has passed.
        case tick
        /// It has taken long enough.
        case deadline
    }

    /// Wakes the task that decides.
    let signal = Signal()
    private let events = Mutex<[Event]>([])

    /// Tells it something.
    func post(_ event: Event) {
        events.withLock { $0.append(event) }
        signal.set()
    }

    /// What was told since the last time.
    func take() -> [Event] {
        events.withLock { events in
            let taken = events
            events.removeAll(keepingCapacity: true)
            return taken
        }
    }
}
