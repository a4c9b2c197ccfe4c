import Database
import Foundation
import GatewayRecords
import StorageModel
import TestSupport
import Testing

@Suite struct CredentialRecordsTests {
    let time = Timestamp(microseconds: 1_000_000_000)
    let random = RandomSource.seeded(7)

    func records() async throws -> GatewayRecords {
        try await GatewayRecords.inMemory(key: GatewayKey(bytes: random.bytes(count: GatewayKey.length)))
    }

    @Test func `a registered credential is found by its access key id alone`() async throws {
        let records = try await records()
        let made = try await records.credentials.register(
            CredentialRegistration(grant: "the grant", accountID: "aa"), at: time, random: random)
        #expect(made.accessKeyID.count == 28)
        #expect(made.secretKey.count == 53)
        #expect(try await records.credentials.credential(accessKeyID: made.accessKeyID, at: time) == made)
        #expect(try await records.credentials.credential(accessKeyID: made.accessKeyID + "x", at: time) == nil)
        #expect(try await records.credentials.credential(accessKeyID: "", at: time) == nil)
    }

    @Test func `the database alone shows neither access key id, secret nor grant`() async throws {
        try await withTemporaryFolder { folder in
            let folder = URL(fileURLWithPath: "\(folder.path)/gateway")
            let records = try await GatewayRecords.open(folder: folder, random: random)
            let made = try await records.credentials.register(
                CredentialRegistration(grant: "the very grant", accountID: "aa"), at: time, random: random)
            try await records.accounts.put(
                GatewayAccount(id: "aa", name: "Ada Lovelace", email: "ada@example.com"), at: time)
            try await records.delegations.keep(
                grant: "the very grant", of: BucketPlace(owner: "aa", bucket: "b"), at: time)
            try records.close()
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                let bytes = try Data(contentsOf: folder.appendingPathComponent(name))
                for secret in [made.accessKeyID, made.secretKey, "the very grant", "Lovelace", "ada@example"] {
                    #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret) in \(name)")
                }
            }
            let again = try await GatewayRecords.open(folder: folder, random: random)
            #expect(try await again.credentials.credential(accessKeyID: made.accessKeyID, at: time) == made)
            #expect(try await again.accounts.account(email: "Ada@Example.com")?.name == "Ada Lovelace")
            try again.close()
        }
    }

    @Test func `an expired credential opens nothing, cached or not`() async throws {
        let records = try await records()
        let made = try await records.credentials.register(
            CredentialRegistration(grant: "g", accountID: "aa", expiresAt: time.advanced(by: .seconds(1))), at: time,
            random: random)
        #expect(try await records.credentials.credential(accessKeyID: made.accessKeyID, at: time) == made)
        let end = time.advanced(by: .seconds(1))
        #expect(try await records.credentials.credential(accessKeyID: made.accessKeyID, at: end) == nil)
        #expect(try await records.credentials.credential(accessKeyID: made.accessKeyID, at: end) == nil)
    }

    @Test func `a revoked credential opens nothing, and the reason is listed`() async throws {
        let records = try await records()
        let made = try await records.credentials.register(
            CredentialRegistration(grant: "g", accountID: "aa"), at: time, random: random)
        #expect(try await records.credentials.credential(accessKeyID: made.accessKeyID, at: time) == made)
        #expect(try await records.credentials.revoke(made.id, reason: "lost", at: time))
        #expect(try await records.credentials.credential(accessKeyID: made.accessKeyID, at: time) == nil)
        #expect(try await records.credentials.revoke(made.id, reason: "again", at: time) == false)
        let listed = try await records.credentials.summaries()
        #expect(listed.map(\.revocationReason) == ["lost"])
    }

    @Test func `a revocation by another process is noticed within seconds`() async throws {
        try await withTemporaryFolder { folder in
            let folder = URL(fileURLWithPath: folder.path)
            let gateway = try await GatewayRecords.open(folder: folder, random: random)
            let program = try await GatewayRecords.open(folder: folder, random: random)
            let made = try await program.credentials.register(
                CredentialRegistration(grant: "g", accountID: "aa"), at: time, random: random)
            #expect(try await gateway.credentials.credential(accessKeyID: made.accessKeyID, at: time) == made)
            try await program.credentials.revoke(made.id, reason: "", at: time)
            let later = time.advanced(by: .seconds(3))
            #expect(try await gateway.credentials.credential(accessKeyID: made.accessKeyID, at: later) == nil)
            try gateway.close()
            try program.close()
        }
    }

    @Test(arguments: ["account = 'bb'", "is_public = 1", "expires_at = NULL", "created_at = 1", "sealed = zeroblob(90)"])
    func `a record that was changed in the database is refused`(change: String) async throws {
        let records = try await records()
        let made = try await records.credentials.register(
            CredentialRegistration(grant: "g", accountID: "aa", expiresAt: time.advanced(by: .seconds(9))), at: time,
            random: random)
        try await records.database.write { session in
            try session.execute("UPDATE credentials SET \(change)")
        }
        await #expect(throws: GatewayRecordsError.damaged("credential \(made.id)")) {
            try await records.credentials.credential(accessKeyID: made.accessKeyID, at: time)
        }
    }

    @Test func `an access key id chosen by hand is long enough to seal with, and used once`() async throws {
        let records = try await records()
        let chosen = CredentialRegistration(
            grant: "g", accountID: "aa", accessKeyID: "0123456789abcdefghij", secretKey: "0123456789abcdefghij+/")
        let made = try await records.credentials.register(chosen, at: time, random: random)
        #expect(made.secretKey == "0123456789abcdefghij+/")
        await #expect(throws: GatewayRecordsError.credentialExists) {
            try await records.credentials.register(chosen, at: time, random: random)
        }
        await #expect(throws: GatewayRecordsError.self) {
            try await records.credentials.register(
                CredentialRegistration(grant: "g", accountID: "aa", accessKeyID: "short"), at: time, random: random)
        }
    }
}
