import Chores
import Ethereum
package import Foundation
package import Installation
import Identity
import Satellite
package import StorageModel

/// A satellite's files: set up once, run from there.
package struct SatelliteFolder: Sendable {
    /// The folder.
    package let url: URL

    /// The files in `url`.
    package init(_ url: URL) { self.url = url }

    /// The database's file.
    var database: URL { url.appending(path: "satellite.db") }
    private var secrets: URL { url.appending(path: "secrets.json") }
    private var settings: URL { url.appending(path: "settings.json") }

    /// Whether the folder was set up before.
    package var isSetUp: Bool { FileManager.default.fileExists(atPath: settings.path) }

    /// Makes identity, secrets and settings file. The settings file comes last: with it the set-up is complete.
    ///
    /// - Parameters:
    ///   - overrides: settings that differ from the defaults, by dotted key.
    ///   - difficulty: of the identity, at least 8.
    package func setUp(overrides: [String: String], difficulty: Int) async throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        if !IdentityFiles.exist(in: url) {
            _ = try await IdentityFiles.create(in: url, difficulty: difficulty, tasks: 2, random: .system)
        }
        if !FileManager.default.fileExists(atPath: secrets.path) {
            try SecretFile.write(try JSONEncoder().encode(SatelliteSecrets(random: .system)), to: secrets)
        }
        var overrides = overrides
        if overrides["admin.token"] == nil {
            overrides["admin.token"] = Hexadecimal.encode(RandomSource.system.bytes(count: 16))
        }
        if try values(flags: overrides).text("ledger.kind") != "none" { try makeKeys(difficulty: difficulty) }
        try SettingsFile.write(overrides, to: settings)
    }

    /// Makes the wallet that pays, the key that signs vouchers, and the one that partners are paid from.
    package func makeKeys(difficulty: Int) throws {
        // An identity that costs nothing is one for trials; so is its wallet.
        let cost: KeyFile.Cost = difficulty <= 8 ? .light : .standard
        for name in [WalletFiles.Name.wallet, .hot, .partners] {
            try WalletFiles.create(name, in: url, cost: cost, random: .system)
        }
    }

    /// Makes the key that deposit addresses come from, and says its public part. The secret part lies in `deposits.seed`:
    /// the satellite never reads it, and it belongs to a safer place.
    package func makeDepositKey(random: RandomSource) throws -> String {
        let seed = random.bytes(count: 32)
        let key = try ExtendedPrivateKey(seed: seed).extendedPublicKey
        try SecretFile.write(Data(Hexadecimal.encode(seed).utf8), to: url.appending(path: "deposits.seed"))
        return key.text
    }

    /// The settings in effect.
    package func values(flags: [String: String] = [:]) throws -> SettingsValues {
        try SettingsValues(
            program: "satellite", definitions: SettingDefinition.satellite, flags: flags,
            environment: ProcessInfo.processInfo.environment, file: settings)
    }

    /// The keys for what only the satellite reads.
    func loadSecrets() throws -> SatelliteSecrets {
        try JSONDecoder().decode(SatelliteSecrets.self, from: Data(contentsOf: secrets))
    }
}
