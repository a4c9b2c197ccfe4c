import Foundation
import PieceStore

/// A small value on the disk that is replaced as a whole: after a crash there is the old one or the new one.
///
/// Everything here blocks and runs on the pool.
struct StateFile<Value: Codable & Sendable>: Sendable {
    private let folder: String
    private let name: String
    private let fileSystem: any FileSystem

    /// The file `name` in `folder`, which must exist.
    init(folder: String, name: String, fileSystem: any FileSystem) {
        self.folder = folder
        self.name = name
        self.fileSystem = fileSystem
    }

    private var path: String { "\(folder)/\(name)" }

    /// The value; nil when none was saved.
    ///
    /// - Throws: `PieceStoreError` when the disk fails, `.corrupt` when the bytes are no such value.
    func load() throws -> Value? {
        let bytes: [UInt8]
        do {
            let file = try fileSystem.open(path, .read)
            bytes = try file.bytes(at: 0, count: Int(try file.size()))
        } catch let error as PieceStoreError where error.code == .missingFile {
            return nil
        }
        do { return try Self.decoder.decode(Value.self, from: Data(bytes)) } catch {
            throw PieceStoreError(.corrupt, "\(path) is unreadable: move it away to go on without it")
        }
    }

    /// Saves a value, durably.
    ///
    /// - Throws: `PieceStoreError` when the disk fails; the old value is there then.
    func save(_ value: Value) throws {
        let bytes = [UInt8](try Self.encoder.encode(value))
        let draft = path + ".new"
        // A crash may have left one.
        do { try fileSystem.remove(draft) } catch let error as PieceStoreError where error.code == .missingFile {}
        let file = try fileSystem.open(draft, .create)
        try bytes.withUnsafeBytes { try file.writeAll($0, at: 0) }
        try file.synchronize()
        try fileSystem.rename(draft, to: path)
        try fileSystem.synchronizeFolder(folder)
    }

    /// Removes the value, durably; none is fine.
    func remove() throws {
        do { try fileSystem.remove(path) } catch let error as PieceStoreError where error.code == .missingFile { return }
        try fileSystem.synchronizeFolder(folder)
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    private static var decoder: JSONDecoder { JSONDecoder() }
}
