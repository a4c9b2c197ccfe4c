import Accounts
import Billing
import Chores
import DRPC
import Database
import Foundation
import Identity
package import Installation
package import Logging
package import Macaroons
import Satellite
import SatelliteConsole
import ServiceLifecycle
package import StorageModel
import Upkeep

/// A satellite run from its folder.
package struct SatelliteProgram: Service {
    private let folder: SatelliteFolder
    private let values: SettingsValues
    private let logger: Logger

    /// The satellite of a folder that was set up.
    ///
    /// - Parameter flags: settings given on the command line.
    /// - Throws: `SettingsError`.
    package init(folder: SatelliteFolder, flags: [String: String] = [:], logger: Logger) throws {
        self.folder = folder
        values = try folder.values(flags: flags)
        _ = try SatelliteSettings(values)
        self.logger = logger
    }

    /// Runs until graceful shutdown or cancellation; `ready.json` is there while the satellite answers.
    package func run() async throws {
        try ReadyFile.remove(in: folder.url)
        let settings = try SatelliteSettings(values)
        let identity = try IdentityFiles.load(from: folder.url)
        let database = try Database.open(.file(path: folder.database.path))
        let eventLoops = RPCEventLoops(threadCount: max(1, values.number("threads")))
        let dialer = try TLSDialer(identity: identity, settings: settings.dialer, eventLoops: eventLoops)
        let disguise = Self.disguise(settings, eventLoops)
        var parts = SatelliteParts(
            identity: identity, secrets: try folder.loadSecrets(), database: database,
            folder: folder.url.path, dialer: dialer, eventLoops: eventLoops, clock: .system, sleeper: .system,
            random: .system, logger: logger)
        parts.disguise = disguise
        let external = values.text("external_address")
        let money = try await OpenMoney.open(
            values, folder: folder.url, database: database, address: external.isEmpty ? values.text("address") : external,
            sanctioned: settings.billing.sanctioned, dialer: dialer, logger: logger)
        parts.money = money?.money
        let satellite = try await Satellite(settings: settings, parts: parts)
        try ReadyFile(
            id: identity.id.description, address: external.isEmpty ? satellite.boundAddress : external,
            admin: "http://" + values.text("admin.address")
        ).write(in: folder.url)
        logger.notice("satellite is ready", metadata: ["node_id": "\(identity.id)", "address": "\(satellite.boundAddress)"])
        try await serve(satellite, address: "\(identity.id)@\(external.isEmpty ? satellite.boundAddress : external)")
        try ReadyFile.remove(in: folder.url)
        await dialer.close()
        await disguise.close()
        await eventLoops.shutdown()
        try money?.close()
        try database.close()
    }

    /// Runs the satellite and its pages; the pages end with it.
    private func serve(_ satellite: Satellite, address: String) async throws {
        var services: [any Service] = [satellite]
        if let console = try SatelliteConsole.make(values, satellite.rooms, address: address, logger: logger) {
            services.append(console)
        }
        try await ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
                logger: logger)
        ).run()
    }

    /// Connections whose identity nodes have never seen, made anew now and then.
    private static func disguise(_ settings: SatelliteSettings, _ eventLoops: RPCEventLoops) -> DisguisedDialer {
        DisguisedDialer {
            let dialer = try TLSDialer(
                identity: NodeIdentity.generate(random: .system), settings: settings.dialer, eventLoops: eventLoops)
            return DisguisedDialer.Mask(dialer: dialer) { await dialer.close() }
        }
    }
}

/// A project's key and the salt its customers derive their root key with.
package struct ProjectKey: Sendable {
    /// The key, with all permissions.
    package let apiKey: APIKey
    /// 16 bytes.
    package let salt: [UInt8]
}

extension SatelliteFolder {
    /// The satellite's address as grants and trust lists name it.
    ///
    /// - Throws: `IdentityFiles.Failure`.
    package func nodeURL(values: SettingsValues) throws -> NodeURL {
        let external = values.text("external_address")
        return NodeURL(
            id: try IdentityFiles.load(from: url).id, address: external.isEmpty ? values.text("address") : external)
    }

    /// Lets the network's own customer sign in at the console, as its operator too.
    ///
    /// - Throws: `DatabaseError`, `AccountsError`.
    package func setConsolePassword(_ password: String, email: String, logger: Logger) async throws {
        let database = try Database.open(.file(path: database.path))
        let accounts = Accounts(
            database: database, settings: AccountsSettings(), clock: .system, random: .system, logger: logger)
        try await accounts.migrate()
        guard let user = try await accounts.user(email: email) else { throw CocoaError(.fileReadUnknown) }
        try await accounts.setPassword(password, of: user.id)
        try await accounts.setOperator(true, user: user.id)
        try database.close()
    }

    /// Makes an API key for the project with this name, and the project when there is none.
    ///
    /// Works on the database directly, also while the satellite runs.
    /// - Throws: `DatabaseError`, `AccountsError`.
    package func createProjectKey(project name: String, key keyName: String, logger: Logger) async throws -> ProjectKey {
        let database = try Database.open(.file(path: database.path))
        let accounts = Accounts(
            database: database, settings: AccountsSettings(), clock: .system, random: .system, logger: logger)
        try await accounts.migrate()
        let project: Project
        if let found = try await accounts.projects().first(where: { $0.name == name }) {
            project = found
        } else {
            let owner: User
            if let known = try await accounts.users().first {
                owner = known
            } else {
                owner = try await accounts.createUser(email: "operator@localhost", name: "operator")
            }
            project = try await accounts.createProject(name: name, owner: owner.id)
        }
        let key = try await accounts.createAPIKey(project: project.id, name: keyName).key
        try database.close()
        return ProjectKey(apiKey: key, salt: project.salt)
    }
}
