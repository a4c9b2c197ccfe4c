package import Foundation
import Installation

/// The saved grants of a person: `access.json`, which only its owner may read.
package struct AccessStore: Sendable {
    /// What the file holds.
    package struct Content: Codable, Equatable, Sendable {
        /// The name of the grant that is used when none is named.
        package var `default`: String?
        /// Grants by name.
        package var accesses: [String: String]

        /// A content of its parts.
        package init(default: String?, accesses: [String: String]) {
            self.default = `default`
            self.accesses = accesses
        }

        /// No grants.
        package static let empty = Content(default: nil, accesses: [:])
    }

    private let folder: URL

    /// The store of a configuration folder, which need not exist.
    package init(folder: URL) {
        self.folder = folder
    }

    /// The file with the grants.
    package var file: URL { folder.appending(path: "access.json") }

    /// Reads the saved grants; none when there is no file.
    ///
    /// - Throws: `CommandFailure` when others may read the file, or it is not what this program writes.
    package func read() throws -> Content {
        let data: Data
        do {
            guard let found = try contents() else { return .empty }
            data = found
        } catch let error as CocoaError {
            throw CommandFailure(.failure, "saved grants cannot be read: \(file.path): \(error.localizedDescription)")
        }
        do { return try JSONDecoder().decode(Content.self, from: data) } catch {
            // The decoder's message could quote a grant.
            throw CommandFailure(
                .failure, "saved grants cannot be read: \(file.path) is not a JSON object with accesses",
                advice: "Move the file away and save the grants again")
        }
    }

    private func contents() throws -> Data? {
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw CommandFailure(
                .failure, "saved grants cannot be read: \(file.path): \(String(cString: strerror(errno)))")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        // Looked at through the open file, so that it cannot be exchanged between look and read.
        guard fstat(descriptor, &status) == 0, status.st_mode & 0o077 == 0 else {
            throw CommandFailure(
                .denied, "others on this machine may read the saved grants in \(file.path)",
                advice: "Run chmod 600 \(file.path), and replace the grants if others may have read them")
        }
        return try handle.readToEnd() ?? Data()
    }

    /// Changes the saved grants, one process at a time.
    ///
    /// - Throws: what `change` throws, or `CommandFailure` when the file cannot be read or written.
    package func update<Result>(_ change: (inout Content) throws -> Result) throws -> Result {
        let lock = try lockedFile()
        defer { close(lock) }
        var content = try read()
        let result = try change(&content)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do { try SecretFile.write(try encoder.encode(content), to: file) } catch {
            throw CommandFailure(
                .failure, "saved grants cannot be written to \(file.path): \(error.localizedDescription)")
        }
        return result
    }

    /// The descriptor of the lock file; closing it lets others go on.
    private func lockedFile() throws -> Int32 {
        try ClientFolder.create(folder)
        let path = folder.appending(path: "access.lock").path
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw CommandFailure(.failure, "the saved grants cannot be locked: \(path): \(reason)")
        }
        return descriptor
    }
}
