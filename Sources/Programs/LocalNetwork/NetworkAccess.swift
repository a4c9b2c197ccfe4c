import AccessGrants
import Encryption
import Foundation
import Installation
import Macaroons
import StorageModel

/// The key to a local network's one project, made at first start and kept in `access.json`.
package struct NetworkAccess: Codable, Equatable, Sendable {
    /// The API key, as text.
    package var apiKey: String
    /// The passphrase.
    package var passphrase: String
    /// A grant with all permissions on the whole project.
    package var accessGrant: String

    /// Signs in to the console as `demoEmail`.
    package var consolePassword: String

    /// The network's own customer, who is its operator too.
    package static let demoEmail = "operator@localhost"

    private static func url(in folder: URL) -> URL { folder.appending(path: "access.json") }

    /// Reads the file of a network's folder; nil at first start.
    static func read(in folder: URL) throws -> NetworkAccess? {
        guard FileManager.default.fileExists(atPath: url(in: folder).path) else { return nil }
        return try JSONDecoder().decode(NetworkAccess.self, from: Data(contentsOf: url(in: folder)))
    }

    /// Makes a grant for a project's key under a fresh passphrase and keeps it in the folder.
    static func create(
        in folder: URL, satellite: NodeURL, project: ProjectKey, random: RandomSource
    ) throws -> NetworkAccess {
        let passphrase = Base32.encode(random.bytes(count: 15)).lowercased()
        let root = try EncryptionKey.root(passphrase: Array(passphrase.utf8), salt: project.salt)
        let grant = try AccessGrant(satelliteAddress: satellite.description, apiKey: project.apiKey, rootKey: root)
        let access = NetworkAccess(apiKey: project.apiKey.text, passphrase: passphrase, accessGrant: grant.text,
            consolePassword: Base32.encode(random.bytes(count: 10)).lowercased())
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try SecretFile.write(try encoder.encode(access), to: url(in: folder))
        return access
    }
}
