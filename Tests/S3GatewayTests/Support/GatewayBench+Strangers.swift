import Identity
import AccessGrants
import Accounts
import Encryption
import GatewayRecords
import S3Gateway
import SatelliteTesting
import StorageModel
import TestSupport
import Uplink

extension GatewayBench {
    /// Somebody with a project of his own at the same satellite and the same gateway.
    func stranger(_ name: String) async throws -> Caller {
        let user = try await satellite.accounts.createUser(email: "\(name)@example.com", name: name)
        let project = try await satellite.accounts.createProject(name: name, owner: user.id)
        let key = try await satellite.accounts.createAPIKey(project: project.id, name: name).key
        guard let rootKey = EncryptionKey([UInt8](repeating: 2, count: 32)) else {
            preconditionFailure("a key has 32 bytes")
        }
        let grant = try AccessGrant(
            satelliteAddress: "\(satellite.identity.id)@127.0.0.1:7777", apiKey: key, rootKey: rootKey).text
        let records = gateway.context.records
        let registrar = CredentialRegistrar(
            records: records, random: .seeded(UInt64(name.utf8.count)), clock: satellite.clock.wallClock)
        let credential = try await registrar.register(
            grant: Access(grant), of: gateway.context.projects.project(for: grant),
            .init(name: name, email: "\(name)@example.com"))
        return Caller(
            account: try await records.accounts.account(credential.accountID), accessKeyID: credential.accessKeyID,
            grant: grant)
    }
}
