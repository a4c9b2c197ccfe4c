package import Foundation

/// Where a unit of systemd is installed.
package struct UnitFile: Sendable {
    /// The file.
    package let url: URL

    /// - Throws: `SystemdUnitError` when systemd would not take the file's name.
    package init(_ path: String) throws {
        url = URL(fileURLWithPath: path)
        let name = url.lastPathComponent
        let isNamed = name.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || ":_.@-".utf8.contains(byte)
        }
        guard isNamed, name.hasSuffix(".service"), name.utf8.count > ".service".utf8.count, name.utf8.count < 256 else {
            throw SystemdUnitError.name(path)
        }
    }

    /// What to type for the service to start now and with the machine.
    package var commands: [String] { ["systemctl daemon-reload", "systemctl enable --now \(url.lastPathComponent)"] }

    /// Writes the unit whole or not at all.
    ///
    /// - Parameter replaces: whether it may take the place of one that says something else.
    /// - Returns: whether the file changed.
    /// - Throws: `SystemdUnitError`.
    @discardableResult
    package func write(_ text: String, replaces: Bool) throws -> Bool {
        let new = Data(text.utf8)
        // A masked unit is a link to nothing: it is there, too.
        let isThere = (try? FileManager.default.attributesOfItem(atPath: url.path)) != nil
        if isThere {
            if (try? Data(contentsOf: url)) == new { return false }
            guard replaces else { throw SystemdUnitError.differs(url.path) }
        }
        let temporary = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).new")
        do {
            try? FileManager.default.removeItem(at: temporary)
            try new.write(to: temporary, options: .withoutOverwriting)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: temporary.path)
        } catch {
            throw SystemdUnitError.unwritable(url.path, error.localizedDescription)
        }
        guard rename(temporary.path, url.path) == 0 else {
            let reason = String(cString: strerror(errno))
            try? FileManager.default.removeItem(at: temporary)
            throw SystemdUnitError.unwritable(url.path, reason)
        }
        return true
    }
}
