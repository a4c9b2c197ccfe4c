package import Foundation

/// Where a customer's grants and defaults are kept.
package enum ClientFolder {
    /// The folder: `--config-dir`, STORJ_CONFIG_DIR, XDG_CONFIG_HOME/storj, or ~/.config/storj.
    ///
    /// - Throws: `CommandFailure` when nothing says where.
    package static func url(flag: String?, environment: CommandEnvironment) throws -> URL {
        if let flag { return folder(flag) }
        if let path = environment.variable("STORJ_CONFIG_DIR") { return folder(path) }
        // The specification of base directories has relative paths ignored.
        if let path = environment.variable("XDG_CONFIG_HOME"), path.hasPrefix("/") {
            return folder(path).appending(path: "storj", directoryHint: .isDirectory)
        }
        guard let home = environment.variable("HOME") else {
            throw CommandFailure(
                .usage, "no folder for settings and grants: HOME is not set",
                advice: "Give --config-dir or set STORJ_CONFIG_DIR")
        }
        return folder(home).appending(path: ".config/storj", directoryHint: .isDirectory)
    }

    /// Makes the folder when it is missing, for its owner only.
    ///
    /// - Throws: `CommandFailure`.
    package static func create(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(.failure, "the folder \(folder.path) cannot be made: \(error.localizedDescription)")
        }
    }

    private static func folder(_ path: String) -> URL {
        URL(filePath: path, directoryHint: .isDirectory).absoluteURL
    }
}
