import Synchronization

/// Counts the segments that are fetched at the same time, so that all of them together stay within a memory.
///
/// One alone may read far ahead, which is fast; among many others each reads ahead less.
final class DownloadCrowd: Sendable {
    private let memory: Int
    private let count = Atomic<Int>(0)

    /// - Parameter memory: bytes of pieces that may wait, of all segments together.
    init(memory: Int) {
        self.memory = memory
    }

    /// Bytes of pieces that one segment may let wait.
    var share: Int64 { Int64(memory / max(1, count.load(ordering: .relaxed))) }

    /// Another segment is fetched.
    func enter() { count.add(1, ordering: .relaxed) }

    /// A segment is there, or given up.
    func leave() { count.subtract(1, ordering: .relaxed) }
}
