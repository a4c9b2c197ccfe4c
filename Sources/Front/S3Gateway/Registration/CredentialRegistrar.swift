package import GatewayRecords
package import StorageModel
package import Uplink

/// Lets a customer in: asks the satellite whose grant it is and keeps a credential that opens it.
package struct CredentialRegistrar: Sendable {
    private let records: GatewayRecords
    private let random: RandomSource
    private let clock: WallClock

    package init(records: GatewayRecords, random: RandomSource, clock: WallClock) {
        self.records = records
        self.random = random
        self.clock = clock
    }

    /// What a customer asks for besides the grant.
    package struct Wishes: Sendable {
        /// What others see as the account's name; nil keeps the one it has, or the first digits of its id.
        package var name: String?
        /// The address that access control lists may name the account by; nil keeps the one it has.
        package var email: String?
        package var isPublic = false
        package var expiresAt: Timestamp?
        /// Chosen by hand instead of drawn.
        package var accessKeyID: String?
        package var secretKey: String?

        package init(
            name: String? = nil, email: String? = nil, isPublic: Bool = false, expiresAt: Timestamp? = nil,
            accessKeyID: String? = nil, secretKey: String? = nil
        ) {
            self.name = name
            self.email = email
            self.isPublic = isPublic
            self.expiresAt = expiresAt
            self.accessKeyID = accessKeyID
            self.secretKey = secretKey
        }
    }

    /// Registers the grant of a project that was opened with it, which proves that the grant works.
    ///
    /// - Parameter grant: the grant `project` was opened with.
    /// - Throws: `UplinkError` when the satellite refuses the grant, `GatewayRecordsError`, `DatabaseError`.
    package func register(grant: Access, of project: Project, _ wishes: Wishes = Wishes()) async throws -> Credential {
        let account = try await account(of: project)
        let now = clock.now()
        let known = try await records.accounts.account(account)
        let wanted = GatewayAccount(
            id: account, name: wishes.name ?? known?.name ?? String(account.prefix(12)),
            email: wishes.email ?? known?.email)
        if wanted != known { try await records.accounts.put(wanted, at: now) }
        return try await records.credentials.register(
            CredentialRegistration(
                grant: grant.text, accountID: account, isPublic: wishes.isPublic, expiresAt: wishes.expiresAt,
                accessKeyID: wishes.accessKeyID, secretKey: wishes.secretKey), at: now, random: random)
    }

    /// The account a project is.
    private func account(of project: Project) async throws -> String {
        let info = try await project.info()
        guard !info.publicID.isEmpty else {
            throw UplinkError(
                .unsupported, "the satellite does not say which project the grant is for",
                advice: "The gateway needs a satellite that tells a project's public id")
        }
        return Hexadecimal.encode(info.publicID)
    }
}
