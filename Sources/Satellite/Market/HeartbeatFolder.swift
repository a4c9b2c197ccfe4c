import Foundation
import StorageModel

/// Where sets, evidence and reports lie.
///
///     sets/<period>/<node>        the pieces a node answers for, until the next period begins
///     evidence/<period>/<node>    its answer, for `evidenceDays`
///     reports/<period>            what was published
///
/// A file is there whole or not at all: it is written beside its place, flushed, and renamed.
package struct HeartbeatFolder: Sendable {
    /// The folder of all of it.
    package let path: String

    /// A folder, which need not be there yet.
    package init(path: String) { self.path = path }

    func set(_ node: NodeID, period: UInt64) -> String { "\(sets(period))/\(name(node))" }
    func sets(_ period: UInt64) -> String { "\(path)/sets/\(period)" }
    func evidence(_ node: NodeID, period: UInt64) -> String { "\(path)/evidence/\(period)/\(name(node))" }
    func report(_ period: UInt64) -> String { "\(path)/reports/\(period)" }

    private func name(_ node: NodeID) -> String { Hexadecimal.encode(node.bytes) }

    /// The periods that have files of a kind, `sets` or `evidence`.
    func periods(of kind: String) -> [UInt64] {
        // A folder that is not there has no periods.
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(kind)")) ?? []).compactMap { UInt64($0) }
    }

    /// Deletes a period's files of a kind.
    func remove(_ kind: String, period: UInt64) throws {
        let folder = "\(path)/\(kind)/\(period)"
        guard FileManager.default.fileExists(atPath: folder) else { return }
        try FileManager.default.removeItem(atPath: folder)
    }

    /// Makes a folder and those above it; their entries are on the disk when it returns.
    static func create(_ folder: String) throws(MarketError) {
        guard !FileManager.default.fileExists(atPath: folder) else { return }
        let parent = (folder as NSString).deletingLastPathComponent
        try create(parent)
        if mkdir(folder, 0o700) != 0, errno != EEXIST { throw .file("make \(folder)", errno: errno) }
        try flush(folder: parent)
    }

    /// Writes a whole file durably; whoever reads it later finds all of it, or the one before.
    static func write(_ bytes: [UInt8], to file: String) throws(MarketError) {
        let writer = try FileWriter(path: file)
        try writer.append(bytes)
        try writer.finish()
    }

    /// The bytes of a file; nil when there is none.
    static func read(_ file: String) throws(MarketError) -> [UInt8]? {
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        guard let data = FileManager.default.contents(atPath: file) else { throw .file("read \(file)", errno: errno) }
        return Array(data)
    }

    static func flush(folder: String) throws(MarketError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { throw .file("open \(folder)", errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .file("flush \(folder)", errno: errno) }
    }
}
