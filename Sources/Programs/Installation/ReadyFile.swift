package import Foundation

/// What a running server leaves in its folder once it can be used: `ready.json`.
///
/// Whoever started the process waits for this file; it goes away when the server stops cleanly.
package struct ReadyFile: Codable, Equatable, Sendable {
    /// The text form of the node id.
    package var id: String
    /// The address others reach, `host:port`.
    package var address: String
    /// The address of the administration interface, for satellites.
    package var admin: String?
    /// The process that wrote the file.
    package var pid: Int32

    /// Describes this process.
    package init(id: String, address: String, admin: String? = nil) {
        self.id = id
        self.address = address
        self.admin = admin
        pid = ProcessInfo.processInfo.processIdentifier
    }

    private static func url(in folder: URL) -> URL { folder.appending(path: "ready.json") }

    /// Writes the file, replacing an older one at once.
    package func write(in folder: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: Self.url(in: folder), options: .atomic)
    }

    /// The file of a folder; nil while there is none.
    package static func read(in folder: URL) throws -> ReadyFile? {
        guard FileManager.default.fileExists(atPath: url(in: folder).path) else { return nil }
        return try JSONDecoder().decode(ReadyFile.self, from: Data(contentsOf: url(in: folder)))
    }

    /// Removes the file; nothing happens when there is none.
    package static func remove(in folder: URL) throws {
        guard FileManager.default.fileExists(atPath: url(in: folder).path) else { return }
        try FileManager.default.removeItem(at: url(in: folder))
    }
}
