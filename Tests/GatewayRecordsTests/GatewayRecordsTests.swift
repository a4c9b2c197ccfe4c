import Database
import Foundation
import GatewayRecords
import StorageModel
import TestSupport
import Testing

@Suite struct GatewayRecordsTests {
    let time = Timestamp(microseconds: 1_000_000_000)
    let random = RandomSource.seeded(8)

    @Test func `a key file that others may read is refused`() async throws {
        try await withTemporaryFolder { folder in
            let url = URL(fileURLWithPath: folder.path + "/gateway.key")
            let made = try GatewayKey.load(orMakeAt: url, random: random)
            #expect(try GatewayKey.load(orMakeAt: url, random: random).symmetricKey == made.symmetricKey)
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: url.path)
            #expect(throws: GatewayRecordsError.self) { try GatewayKey.load(orMakeAt: url, random: random) }
        }
    }

    @Test func `a key file of another length is refused`() async throws {
        try await withTemporaryFolder { folder in
            let url = URL(fileURLWithPath: folder.path + "/gateway.key")
            try Data("00ff\n".utf8).write(to: url)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
            #expect(throws: GatewayRecordsError.self) { try GatewayKey.load(orMakeAt: url, random: random) }
        }
    }

    @Test func `a delegation opens for its own bucket and under the gateway's own key only`() async throws {
        let records = try await GatewayRecords.inMemory(key: GatewayKey(bytes: random.bytes(count: 32)))
        let place = BucketPlace(owner: "aa", bucket: "photos")
        try await records.delegations.keep(grant: "one", of: place, at: time)
        try await records.delegations.keep(grant: "two", of: place, at: time)
        #expect(try await records.delegations.grant(of: place) == "two")
        #expect(try await records.delegations.grant(of: BucketPlace(owner: "bb", bucket: "photos")) == nil)
        try await records.database.write { session in
            try session.execute("UPDATE delegations SET bucket = 'films'")
        }
        await #expect(throws: GatewayRecordsError.damaged("a delegation")) {
            try await records.delegations.grant(of: BucketPlace(owner: "aa", bucket: "films"))
        }
        try await records.delegations.drop(BucketPlace(owner: "aa", bucket: "films"))
        #expect(try await records.delegations.grant(of: BucketPlace(owner: "aa", bucket: "films")) == nil)
    }

    @Test func `an account is found by id and by address, and an address has one account`() async throws {
        let records = try await GatewayRecords.inMemory(key: GatewayKey(bytes: random.bytes(count: 32)))
        let first = GatewayAccount(id: "aa", name: "Ada", email: "who@example.com")
        let second = GatewayAccount(id: "bb", name: "Bob", email: "WHO@example.com")
        try await records.accounts.put(first, at: time)
        #expect(try await records.accounts.account("aa") == first)
        #expect(try await records.accounts.account(email: "who@EXAMPLE.com") == first)
        try await records.accounts.put(second, at: time)
        #expect(try await records.accounts.account(email: "who@example.com") == second)
        #expect(try await records.accounts.account("cc") == nil)
        #expect(try await records.accounts.all() == [first, second])
    }
}
