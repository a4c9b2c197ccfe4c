import Foundation

/// Writes documents that others read: whole, or not at all.
enum DocumentFile {
    static func write(_ bytes: [UInt8], to folder: String, name: String) throws {
        let folder = URL(fileURLWithPath: folder, isDirectory: true)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(bytes).write(to: folder.appendingPathComponent(name), options: .atomic)
        } catch {
            throw BillingError(.unavailable, "the document \(name) cannot be written")
        }
    }
}
