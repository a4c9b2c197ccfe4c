internal import Foundation
internal import Glibc
internal import StorageModel

/// What an interrupted download left beside its target: the bytes that arrived, and a note of whose they are.
///
/// The note is written only after the bytes it speaks of are on the disk. All functions block.
struct PartialDownload: Sendable {
    /// The note.
    struct State: Codable, Equatable, Sendable {
        /// The form of the note.
        var format = 1
        /// Which content of which object, hexadecimal.
        var identity: String
        /// The bytes of the object that the file will hold.
        var range: Range<Int64>
        /// Of every segment, how many of its wanted bytes have arrived, from its beginning.
        var arrived: [Int64]
    }

    /// The longest note that is read.
    private static let maximumStateSize = 64 << 20

    /// The file.
    let file: TargetFile
    /// What an earlier run left, or a fresh note.
    let state: State
    private let statePath: String

    static func partPath(_ path: String) -> String { TargetFile.sibling(of: path, ".storj-part") }
    static func statePath(_ path: String) -> String { TargetFile.sibling(of: path, ".storj-state") }

    /// Opens what was left, or begins afresh when it is of something else.
    ///
    /// - Parameters:
    ///   - identity: which content of which object.
    ///   - segmentSizes: wanted bytes of every segment.
    /// - Throws: ``UplinkError/Code/fileSystem``, also when another process is at it.
    init(
        path: String, identity: [UInt8], range: Range<Int64>, segmentSizes: [Int64], options: FileDownloadOptions
    ) throws(UplinkError) {
        let path = try TargetFile.checked(path, options)
        let partPath = Self.partPath(path)
        statePath = Self.statePath(path)
        let descriptor = Glibc.open(partPath, O_RDWR | O_CREAT | O_CLOEXEC, mode_t(options.permissions ?? 0o666))
        guard descriptor >= 0 else { throw UplinkError(file: path, doing: "write") }
        file = TargetFile(path: path, temporaryPath: partPath, descriptor: descriptor, options: options)
        var (status, named) = (stat(), stat())
        guard Self.lock(descriptor), fstat(descriptor, &status) == 0,
            stat(partPath, &named) == 0, named.st_ino == status.st_ino
        else { throw UplinkError(.fileSystem, "cannot write \(path): another process is downloading it") }
        let fresh = State(
            identity: Hexadecimal.encode(identity), range: range,
            arrived: [Int64](repeating: 0, count: segmentSizes.count))
        if let old = Self.read(statePath), old.fits(fresh, segmentSizes), Int64(status.st_size) == Int64(range.count) {
            state = old
            return
        }
        state = fresh
        unlink(statePath)
        do throws(UplinkError) {
            guard ftruncate(descriptor, 0) == 0 else { throw UplinkError(file: path, doing: "write") }
            try file.checkRoom(for: Int64(range.count))
            guard ftruncate(descriptor, off_t(range.count)) == 0 else { throw UplinkError(file: path, doing: "write") }
        } catch {
            discard()
            throw error
        }
    }

    /// Takes the file for this process. One that was just killed may need a moment to let it go.
    private static func lock(_ descriptor: Int32) -> Bool {
        for attempt in 0..<20 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            if attempt < 19 { usleep(100_000) }
        }
        return false
    }

    /// Notes what has arrived.
    func save(_ state: State) throws(UplinkError) {
        try file.synchronize()
        let next = statePath + ".new"
        do {
            try JSONEncoder().encode(state).write(to: URL(fileURLWithPath: next))
        } catch {
            throw UplinkError(.fileSystem, "cannot write \(next): \(error)")
        }
        guard rename(next, statePath) == 0 else { throw UplinkError(file: statePath, doing: "write") }
    }

    /// Gives the complete file its name and forgets the note.
    func finish(modified: Int64?) throws(UplinkError) {
        try file.finish(modified: modified)
        unlink(statePath)
    }

    /// Removes everything.
    func discard() {
        file.discard()
        unlink(statePath)
    }

    private static func read(_ path: String) -> State? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_size <= maximumStateSize,
            let bytes = try? Data(contentsOf: URL(fileURLWithPath: path))
        else { return nil }
        return try? JSONDecoder().decode(State.self, from: bytes)
    }
}

extension PartialDownload.State {
    /// Whether this speaks of the same content, cut in the same way.
    fileprivate func fits(_ fresh: Self, _ sizes: [Int64]) -> Bool {
        format == fresh.format && identity == fresh.identity && range == fresh.range && arrived.count == sizes.count
            && zip(arrived, sizes).allSatisfy { $0 >= 0 && $0 <= $1 }
    }
}

extension Project {
    /// Removes what an interrupted download with ``FileDownloadOptions/resumes`` left beside its target.
    public static func discardPartialDownload(toFile path: String) {
        unlink(PartialDownload.partPath(path))
        unlink(PartialDownload.statePath(path))
    }
}
