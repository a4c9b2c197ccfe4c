import Chores
import Crypto
package import Foundation
import GatewayRecords
package import Installation
import S3Gateway
import StorageModel
import Uplink

/// A gateway's files: its records, its settings, and the credential of the one customer it may be made for.
package struct GatewayFolder: Sendable {
    /// A credential as tools are told it.
    package struct Keys: Codable, Equatable, Sendable {
        package var accessKeyID: String
        package var secretAccessKey: String
        /// The grant it was registered for, as a digest: another grant needs another credential.
        var grant: String

        enum CodingKeys: String, CodingKey {
            case accessKeyID = "access_key_id"
            case secretAccessKey = "secret_access_key"
            case grant = "grant_sha256"
        }
    }

    /// The folder.
    package let url: URL

    /// The files in `url`.
    package init(_ url: URL) { self.url = url }

    private var settings: URL { url.appending(path: "settings.json") }
    private var keys: URL { url.appending(path: "credential.json") }

    /// Writes settings that differ from the defaults, once.
    ///
    /// - Throws: `SettingsError` for settings with which no gateway would run; nothing is written then.
    package func setUp(overrides: [String: String]) throws {
        guard !FileManager.default.fileExists(atPath: settings.path) else { return }
        _ = try GatewaySettings(try values(flags: overrides))
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try SettingsFile.write(overrides, to: settings)
    }

    /// The settings in effect.
    package func values(flags: [String: String] = [:]) throws -> SettingsValues {
        try SettingsValues(
            program: "gateway", definitions: SettingDefinition.gateway, flags: flags,
            environment: ProcessInfo.processInfo.environment, file: settings)
    }

    /// The credential that was registered for a grant before; nil when there is none.
    package func keys(for grant: String) throws -> Keys? {
        guard FileManager.default.fileExists(atPath: keys.path) else { return nil }
        let kept = try JSONDecoder().decode(Keys.self, from: Data(contentsOf: keys))
        return kept.grant == Self.digest(grant) ? kept : nil
    }

    /// Registers a grant, unless that was done before; asks the satellite whose it is.
    ///
    /// - Throws: `UplinkError` when the satellite refuses the grant or cannot be reached.
    package func register(_ grant: String, name: String?) async throws -> Keys {
        if let kept = try keys(for: grant) { return kept }
        let access = try Access(grant)
        let records = try await GatewayRecords.open(folder: url, random: .system)
        defer { try? records.close() }
        let credential = try await Project.with(access) { project in
            try await CredentialRegistrar(records: records, random: .system, clock: .system).register(
                grant: access, of: project, CredentialRegistrar.Wishes(name: name))
        }
        let made = Keys(
            accessKeyID: credential.accessKeyID, secretAccessKey: credential.secretKey, grant: Self.digest(grant))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try SecretFile.write(try encoder.encode(made), to: keys)
        return made
    }

    private static func digest(_ grant: String) -> String {
        Hexadecimal.encode(SHA256.hash(data: Data(grant.utf8)))
    }
}
