package import StorageModel
import Synchronization

/// A disk in memory that fails as told: short writes, no space, I/O errors, and crashes that lose what was not
/// synchronized.
///
/// Names and contents are lost separately: a file whose folder was not synchronized vanishes in a crash, one whose
/// bytes were not synchronized keeps an arbitrary part of what was written since.
package final class FaultyFileSystem: FileSystem {
    /// What goes wrong.
    package struct Faults: Sendable {
        /// Bytes that may still be written; nil for no limit.
        package var freeSpace: Int64?
        /// Every how-manieth write takes only half of its bytes; 0 for none.
        package var shortWriteInterval = 0
        /// How many more calls of each kind succeed before one fails with an I/O error; nil for all.
        package var writesUntilFailure: Int?
        package var readsUntilFailure: Int?
        package var synchronizationsUntilFailure: Int?
        /// How many reads fail before they succeed again; nil for all.
        package var failingReads: Int?

        /// Nothing goes wrong.
        package init() {}
    }

    private let state: Mutex<State>
    private let random: RandomSource

    private struct State: Sendable {
        var faults = Faults()
        var writeCount = 0
        var folders: Set<String> = ["", "/"]
        var names: [String: FileContent] = [:]
        var durableNames: [String: FileContent] = [:]
        var generation = 0
    }

    /// An empty disk; `random` decides what a crash takes.
    package init(random: RandomSource) {
        self.random = random
        state = Mutex(State())
    }

    /// Changes what goes wrong from now on.
    package func setFaults(_ change: (inout Faults) -> Void) {
        state.withLock { change(&$0.faults) }
    }

    /// The power fails: names and bytes that were not synchronized are lost, wholly or in part, and open files are
    /// dead. The disk works again afterwards, without faults.
    package func crash() {
        state.withLock { state in
            state.faults = Faults()
            state.generation += 1
            state.names = state.durableNames
            var random = random
            for (_, content) in state.names.sorted(by: { $0.key < $1.key }) { content.crash(using: &random) }
        }
    }

    /// Spoils a byte of a file.
    package func flipByte(of path: String, at offset: Int64) {
        state.withLock { $0.names[path] }?.flipByte(at: Int(offset))
    }

    /// The paths of all files.
    package var paths: [String] { state.withLock { $0.names.keys.sorted() } }

    // MARK: FileSystem

    package func open(_ path: String, _ mode: FileMode) throws -> any File {
        try state.withLock { state in
            switch (mode, state.names[path]) {
            case (.create, nil):
                let content = FileContent()
                state.names[path] = content
                return FaultyFile(fileSystem: self, content: content, generation: state.generation)
            case (.create, _?): throw PieceStoreError(.system(17), "\(path) exists")
            case (_, nil): throw PieceStoreError(.missingFile, "\(path) does not exist")
            case (_, let content?):
                return FaultyFile(fileSystem: self, content: content, generation: state.generation)
            }
        }
    }

    package func size(of path: String) throws -> Int64 { try open(path, .read).size() }

    package func createFolder(_ path: String) throws {
        state.withLock { _ = $0.folders.insert(path) }
    }

    package func list(_ folder: String) throws -> [String] {
        state.withLock { state in
            let paths = state.folders.union(state.names.keys)
            let names = paths.filter { $0.hasPrefix(folder + "/") }.compactMap { path in
                path.dropFirst(folder.count + 1).split(separator: "/").first.map(String.init)
            }
            return Array(Set(names))
        }
    }

    package func rename(_ source: String, to target: String) throws {
        try state.withLock { state in
            guard let content = state.names.removeValue(forKey: source) else {
                throw PieceStoreError(.missingFile, "\(source) does not exist")
            }
            state.names[target] = content
        }
    }

    package func remove(_ path: String) throws {
        try state.withLock { state in
            guard state.names.removeValue(forKey: path) != nil else {
                throw PieceStoreError(.missingFile, "\(path) does not exist")
            }
        }
    }

    package func synchronizeFolder(_ path: String) throws {
        try countSynchronization()
        state.withLock { state in
            let isInside: (String) -> Bool = { name in
                name.hasPrefix(path + "/") && !name.dropFirst(path.count + 1).contains("/")
            }
            state.durableNames = state.durableNames.filter { !isInside($0.key) }
            for (name, content) in state.names where isInside(name) { state.durableNames[name] = content }
        }
    }

    package func lock(_ path: String) throws -> any AnyObject & Sendable { FileContent() }

    package func freeSpace(_ path: String) throws -> Int64 {
        state.withLock { $0.faults.freeSpace ?? 1 << 40 }
    }

    // MARK: What files ask

    /// How many of `count` bytes a write takes.
    fileprivate func admitWrite(of count: Int, generation: Int) throws -> Int {
        try state.withLock { state in
            guard generation == state.generation else { throw PieceStoreError(.system(9), "the power failed") }
            try Self.countDown(&state.faults.writesUntilFailure, "write")
            state.writeCount += 1
            var taken = count
            let interval = state.faults.shortWriteInterval
            if interval > 0, state.writeCount % interval == 0 { taken = max(1, count / 2) }
            if let free = state.faults.freeSpace {
                guard free > 0 else { throw PieceStoreError(.noSpace, "the disk is full") }
                taken = min(taken, Int(free))
                state.faults.freeSpace = free - Int64(taken)
            }
            return taken
        }
    }

    fileprivate func admitTruncation(generation: Int) throws {
        try state.withLock { state in
            guard generation == state.generation else { throw PieceStoreError(.system(9), "the power failed") }
            try Self.countDown(&state.faults.writesUntilFailure, "truncate")
        }
    }

    fileprivate func countRead() throws {
        try state.withLock { state in
            if state.faults.readsUntilFailure == 0, let failing = state.faults.failingReads {
                guard failing > 0 else { return }
                state.faults.failingReads = failing - 1
            }
            try Self.countDown(&state.faults.readsUntilFailure, "read")
        }
    }

    fileprivate func countSynchronization() throws {
        try state.withLock { try Self.countDown(&$0.faults.synchronizationsUntilFailure, "synchronize") }
    }

    private static func countDown(_ remaining: inout Int?, _ verb: String) throws {
        guard let count = remaining else { return }
        guard count > 0 else { throw PieceStoreError(.system(5), "cannot \(verb): input/output error") }
        remaining = count - 1
    }
}

/// The bytes of a file, as programs see them and as the disk has them.
private final class FileContent: Sendable {
    private let state = Mutex((current: [UInt8](), durable: [UInt8]()))

    var count: Int { state.withLock { $0.current.count } }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        let bytes = state.withLock { Array($0.current.dropFirst(offset).prefix(buffer.count)) }
        buffer.copyBytes(from: bytes)
        return bytes.count
    }

    func write(_ bytes: [UInt8], at offset: Int) {
        state.withLock { state in
            let missing = offset + bytes.count - state.current.count
            if missing > 0 { state.current.append(contentsOf: repeatElement(0, count: missing)) }
            state.current.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        }
    }

    func truncate(to size: Int) {
        state.withLock { state in
            let missing = size - state.current.count
            if missing > 0 { state.current.append(contentsOf: repeatElement(0, count: missing)) }
            state.current.removeLast(state.current.count - size)
        }
    }

    func synchronize() {
        state.withLock { $0.durable = $0.current }
    }

    func flipByte(at offset: Int) {
        state.withLock { state in
            state.current[offset] ^= 0x55
            // A crash does not heal what is rotten.
            if offset < state.durable.count { state.durable[offset] ^= 0x55 }
        }
    }

    /// Each page is either as it was synchronized or as it was last written; the length is one of both.
    func crash(using random: inout RandomSource) {
        state.withLock { state in
            let size = Bool.random(using: &random) ? state.current.count : state.durable.count
            var survived = Array(state.durable.prefix(size))
            survived.append(contentsOf: repeatElement(0, count: size - survived.count))
            for page in stride(from: 0, to: min(size, state.current.count), by: 4096) {
                let end = min(page + 4096, size, state.current.count)
                if Bool.random(using: &random) { survived.replaceSubrange(page..<end, with: state.current[page..<end]) }
            }
            state.current = survived
            state.durable = survived
        }
    }
}

/// An open file of a faulty disk.
private final class FaultyFile: File {
    private let fileSystem: FaultyFileSystem
    private let content: FileContent
    private let generation: Int

    init(fileSystem: FaultyFileSystem, content: FileContent, generation: Int) {
        self.fileSystem = fileSystem
        self.content = content
        self.generation = generation
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws -> Int {
        try fileSystem.countRead()
        return content.read(into: buffer, at: Int(offset))
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws -> Int {
        let taken = try fileSystem.admitWrite(of: bytes.count, generation: generation)
        content.write(Array(bytes.prefix(taken)), at: Int(offset))
        return taken
    }

    func truncate(to size: Int64) throws {
        try fileSystem.admitTruncation(generation: generation)
        content.truncate(to: Int(size))
    }

    func synchronize() throws {
        try fileSystem.countSynchronization()
        content.synchronize()
    }

    func size() throws -> Int64 { Int64(content.count) }
}
