internal import NIOCore
internal import Synchronization

/// Fetches several segments at the same time, each to its place in a file.
struct FileWriting: Sendable {
    /// Bytes of one write.
    private static let runSize = 1 << 20

    /// What is fetched.
    let source: DownloadSource
    /// Where it goes.
    let file: TargetFile
    /// Where writing waits.
    let threads: FileThreads
    /// Segments fetched at the same time.
    let segmentsInFlight: Int
    /// Counts.
    let meter: ProgressMeter
    /// Remembers what has arrived, for a download that can be continued.
    var note: ArrivalNote?

    /// Fetches everything that has not arrived yet.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            for index in source.plan.places.indices {
                let missing = missing(index)
                if missing.isEmpty { continue }
                if running == segmentsInFlight { try await group.next() } else { running += 1 }
                group.addTask { try await write(index, missing) }
            }
            try await group.waitForAll()
        }
    }

    /// The bytes of the object that are still to come from a segment.
    private func missing(_ index: Int) -> Range<Int64> {
        let wanted = source.plan.range.clamped(to: source.plan.places[index].range)
        return wanted.lowerBound + (note?.arrived(index) ?? 0)..<wanted.upperBound
    }

    private func write(_ index: Int, _ missing: Range<Int64>) async throws {
        var offset = missing.lowerBound - source.plan.range.lowerBound
        let box = BufferBox()
        try await source.fetch(index, range: missing, runSize: Self.runSize) { buffer in
            let (start, count) = (offset, Int64(buffer.readableBytes))
            box.buffer = consume buffer
            try await threads.run { try file.write(box.buffer, at: start) }
            offset += count
            meter.add(count)
            try await note?.add(count, of: index)
            return box.emptied()
        }
    }
}

/// A buffer on its way to a thread and back. Sendable: only one of them looks at it at a time.
private final class BufferBox: @unchecked Sendable {
    var buffer = ByteBuffer()

    /// The buffer's memory, to be filled again.
    func emptied() -> ByteBuffer {
        var taken = ByteBuffer()
        swap(&taken, &buffer)
        taken.clear()
        return taken
    }
}

/// Counts bytes and tells who wants to know, one call at a time.
final class ProgressMeter: Sendable {
    private let state: Mutex<TransferProgress>
    private let handler: ProgressHandler?

    /// A meter at zero.
    init(total: Int64?, handler: ProgressHandler?) {
        state = Mutex(TransferProgress(bytes: 0, total: total))
        self.handler = handler
    }

    /// Counts bytes that an earlier run had done.
    func resume(_ count: Int64) {
        state.withLock { state in
            state.bytes += count
            state.resumed += count
            handler?(state)
        }
    }

    /// Counts bytes that are done now.
    func add(_ count: Int64) {
        state.withLock { state in
            state.bytes += count
            handler?(state)
        }
    }
}

/// Notes on the disk, every now and then, how much of each segment has arrived.
final class ArrivalNote: Sendable {
    /// Bytes between two notes.
    private static let interval: Int64 = 32 << 20

    private struct State {
        var note: PartialDownload.State
        var unsaved: Int64 = 0
        var isSaving = false
    }

    private let partial: PartialDownload
    private let threads: FileThreads
    private let state: Mutex<State>

    /// The notes of a download that can be continued.
    init(partial: PartialDownload, threads: FileThreads) {
        self.partial = partial
        self.threads = threads
        state = Mutex(State(note: partial.state))
    }

    /// Wanted bytes of a segment that have arrived.
    func arrived(_ index: Int) -> Int64 { state.withLock { $0.note.arrived[index] } }

    /// Counts bytes that were written, and saves when it is time.
    func add(_ count: Int64, of index: Int) async throws {
        let due: PartialDownload.State? = state.withLock { state in
            state.note.arrived[index] += count
            state.unsaved += count
            guard state.unsaved >= Self.interval, !state.isSaving else { return nil }
            state.isSaving = true
            state.unsaved = 0
            return state.note
        }
        guard let due else { return }
        defer { state.withLock { $0.isSaving = false } }
        let partial = partial
        try await threads.run { try partial.save(due) }
    }

    /// Saves what there is when the download has failed; a second failure changes nothing.
    func saveLast() async {
        let (note, partial) = (state.withLock { $0.note }, partial)
        await threads.runAlways { try partial.save(note) }
    }
}
