package import ArgumentParser
import Foundation
import Installation
package import Uplink

/// What becomes of a new grant: printed, and saved or written to a file when asked.
package struct GrantDelivery: ParsableArguments, Sendable {
    @Option(
        name: [.customLong("save"), .customLong("import-as")],
        help: ArgumentHelp("Also save the grant under this name.", valueName: "name"))
    package var name: String?

    @Option(
        name: .customLong("export-to"),
        help: ArgumentHelp("Also write the grant to a file that only you may read.", valueName: "file"),
        completion: .file())
    package var file: String?

    @Flag(help: "Replace a saved grant of the same name.")
    package var force = false

    package init() {}

    package mutating func validate() throws {
        _ = try name.map(AccessName.parse)
    }

    /// Saves and writes what was asked for.
    ///
    /// - Throws: `CommandFailure`.
    package func deliver(_ access: Access, in session: CommandSession) throws {
        if let name = try name.map(AccessName.parse) {
            let isDefault = try session.store.save(access.text, as: name, replaces: force)
            session.messages.note("Saved as \(name)\(isDefault ? ", the default" : "").")
        }
        if let file { try Self.write(access.text, to: file) }
    }

    /// Writes a grant to a file of mode 0600.
    static func write(_ grant: String, to path: String) throws {
        do {
            try SecretFile.write(Data("\(grant)\n".utf8), to: URL(filePath: path))
        } catch {
            throw CommandFailure(.failure, "the grant cannot be written to \(path): \(error.localizedDescription)")
        }
    }
}

extension AccessStore {
    /// Saves a grant; the first one becomes the default.
    ///
    /// - Returns: whether it is now the default.
    /// - Throws: `CommandFailure` when the name is taken by another grant and `replaces` is false.
    package func save(_ grant: String, as name: AccessName, replaces: Bool, makesDefault: Bool = false) throws -> Bool {
        try update { content in
            let saved = content.accesses[name.description]
            guard replaces || saved == nil || saved == grant else {
                throw CommandFailure(
                    .failure, "there is a saved grant \"\(name)\" already",
                    advice: "Choose another name, or give --force")
            }
            content.accesses[name.description] = grant
            if makesDefault || content.default == nil { content.default = name.description }
            return content.default == name.description
        }
    }
}
