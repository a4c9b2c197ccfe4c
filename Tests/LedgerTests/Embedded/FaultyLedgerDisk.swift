import Ledger
import StorageModel
import Synchronization

/// A disk in memory that fails at a step and then loses what was not synchronized, wholly or in part.
final class FaultyLedgerDisk: LedgerDisk {
    /// Bytes as programs see them, and as they survive.
    fileprivate struct Content: Sendable {
        var current: [UInt8] = []
        var durable: [UInt8] = []
    }

    private struct State {
        var files: [String: Content] = [:]
        var stepsLeft: Int?
        var stepCount = 0
        var generation = 0
    }

    private static let sector = 512

    private let state = Mutex(State())
    private let random: RandomSource

    /// `random` decides what a crash takes.
    init(random: RandomSource) { self.random = random }

    /// Writes, cuts and synchronizations so far.
    var stepCount: Int { state.withLock { $0.stepCount } }

    /// Lets so many more steps succeed; all after them fail until `crash` or `heal`.
    func fail(after steps: Int) { state.withLock { $0.stepsLeft = steps } }

    /// The disk works again, without a crash.
    func heal() { state.withLock { $0.stepsLeft = nil } }

    /// The power fails: of what was not synchronized every sector is kept or lost by chance; open files are dead.
    func crash() {
        state.withLock { state in
            state.stepsLeft = nil
            state.generation += 1
            var random = random
            for (path, content) in state.files.sorted(by: { $0.key < $1.key }) {
                let size = Bool.random(using: &random) ? content.current.count : content.durable.count
                var survived = Array(content.durable.prefix(size))
                survived += [UInt8](repeating: 0, count: size - survived.count)
                for start in stride(from: 0, to: min(size, content.current.count), by: Self.sector) {
                    let end = min(start + Self.sector, size, content.current.count)
                    if Bool.random(using: &random) {
                        survived.replaceSubrange(start..<end, with: content.current[start..<end])
                    }
                }
                state.files[path] = Content(current: survived, durable: survived)
            }
        }
    }

    /// The bytes of a file.
    func bytes(_ path: String) -> [UInt8] { state.withLock { $0.files[path]?.current ?? [] } }

    /// Replaces a file, as somebody with a knife would.
    func replace(_ path: String, _ bytes: [UInt8]) {
        state.withLock { $0.files[path] = Content(current: bytes, durable: bytes) }
    }

    func open(_ path: String) throws(LedgerError) -> any LedgerFile {
        let generation = state.withLock { state in
            if state.files[path] == nil { state.files[path] = Content() }
            return state.generation
        }
        return FaultyLedgerFile(disk: self, path: path, generation: generation)
    }

    func openForReading(_ path: String) throws(LedgerError) -> any LedgerFile {
        guard state.withLock({ $0.files[path] != nil }) else { throw .file("\(path) does not exist") }
        return try open(path)
    }

    func createFolder(_ path: String) throws(LedgerError) {}

    func synchronizeFolder(_ path: String) throws(LedgerError) {}

    fileprivate func step<Result: Sendable>(
        _ path: String, _ generation: Int, _ body: (inout Content) -> Result
    ) throws(LedgerError) -> Result {
        let result = state.withLock { state -> Result? in
            guard generation == state.generation, var content = state.files[path] else { return nil }
            if let left = state.stepsLeft {
                guard left > 0 else { return nil }
                state.stepsLeft = left - 1
            }
            state.stepCount += 1
            defer { state.files[path] = content }
            return body(&content)
        }
        guard let result else { throw .file("cannot write \(path): input/output error") }
        return result
    }

    fileprivate func look(_ path: String, _ generation: Int) throws(LedgerError) -> [UInt8] {
        let bytes = state.withLock { $0.generation == generation ? $0.files[path]?.current : nil }
        guard let bytes else { throw .file("cannot read \(path): the power failed") }
        return bytes
    }
}

/// An open file of a faulty disk.
private final class FaultyLedgerFile: LedgerFile {
    private let disk: FaultyLedgerDisk
    private let path: String
    private let generation: Int

    init(disk: FaultyLedgerDisk, path: String, generation: Int) {
        self.disk = disk
        self.path = path
        self.generation = generation
    }

    func size() throws(LedgerError) -> UInt64 { UInt64(try disk.look(path, generation).count) }

    func read(at offset: UInt64, count: Int) throws(LedgerError) -> [UInt8] {
        Array(try disk.look(path, generation).dropFirst(Int(offset)).prefix(count))
    }

    func write(_ bytes: [UInt8], at offset: UInt64) throws(LedgerError) {
        // Half first: a crash between two writes of one call is a crash too.
        for part in [bytes.prefix(bytes.count / 2), bytes.dropFirst(bytes.count / 2)] {
            let start = Int(offset) + part.startIndex
            try disk.step(path, generation) { content in
                let missing = start + part.count - content.current.count
                if missing > 0 { content.current += [UInt8](repeating: 0, count: missing) }
                content.current.replaceSubrange(start..<start + part.count, with: part)
            }
        }
    }

    func truncate(to size: UInt64) throws(LedgerError) {
        try disk.step(path, generation) { content in
            content.current = Array(content.current.prefix(Int(size)))
            content.current += [UInt8](repeating: 0, count: Int(size) - content.current.count)
        }
    }

    func synchronize() throws(LedgerError) {
        try disk.step(path, generation) { $0.durable = $0.current }
    }
}
