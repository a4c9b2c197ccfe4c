import Accounts
import Database
import Foundation
import Logging
import Macaroons
import StorageModel
import TestSupport
import Testing

@Suite struct AccountsTests {
    private let clock = TestClock()

    private func open(_ settings: AccountsSettings = AccountsSettings()) async throws -> (Accounts, Database) {
        let database = try Database.open(.memory)
        let accounts = Accounts(
            database: database, settings: settings, clock: clock.wallClock, random: .seeded(1),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await accounts.migrate()
        return (accounts, database)
    }

    private func project(_ accounts: Accounts) async throws -> Project {
        let user = try await accounts.createUser(email: "ada@example.test", name: "Ada")
        return try await accounts.createProject(name: "engine", owner: user.id)
    }

    @Test func `a new key is found by its head and verifies with the stored secret`() async throws {
        let (accounts, _) = try await open()
        let project = try await project(accounts)
        let (record, key) = try await accounts.createAPIKey(project: project.id, name: "first")
        let found = try #require(try await accounts.lookUp(head: key.head))
        #expect(found.key == record)
        #expect(found.project == project)
        #expect(!found.isDisabled)
        #expect(found.limits == AccountsSettings().defaultLimits)
        _ = try key.verified(secret: found.key.secret)
        #expect(project.salt.count == 16)
    }

    @Test func `an unknown head finds nothing, until a key with it is imported`() async throws {
        let (accounts, _) = try await open()
        let project = try await project(accounts)
        let head = [UInt8](repeating: 7, count: 32)
        #expect(try await accounts.lookUp(head: head) == nil)
        let record = try await accounts.importAPIKey(
            project: project.id, name: "given", head: head, secret: [UInt8](repeating: 8, count: 32),
            features: [.objectLock, .eventing], userAgent: Array("rclone".utf8))
        #expect(try await accounts.lookUp(head: head)?.key == record)
    }

    @Test func `revoking a parent kills its children at once and leaves siblings alone`() async throws {
        let (accounts, _) = try await open()
        let project = try await project(accounts)
        let (record, root) = try await accounts.createAPIKey(project: project.id, name: "root")
        let parent = root.restricted(byEncoded: [0x08, 0x01])
        let child = parent.restricted(byEncoded: [0x10, 0x01])
        let sibling = root.restricted(byEncoded: [0x18, 0x01])
        func isRevoked(_ key: APIKey) async throws -> Bool {
            try await accounts.isAnyRevoked(try key.verified(secret: record.secret).tails)
        }
        #expect(try await !isRevoked(child))
        try await accounts.revoke(tail: parent.tail, keyID: record.id)
        #expect(try await isRevoked(parent))
        #expect(try await isRevoked(child))
        #expect(try await !isRevoked(sibling))
        #expect(try await !isRevoked(root))
        try await accounts.revoke(tail: parent.tail, keyID: record.id)
        #expect(try await isRevoked(child))
    }

    @Test func `a deleted key is unknown at once, with its revocations`() async throws {
        let (accounts, database) = try await open()
        let project = try await project(accounts)
        let (record, key) = try await accounts.createAPIKey(project: project.id, name: "short-lived")
        _ = try await accounts.lookUp(head: key.head)
        try await accounts.revoke(tail: key.tail, keyID: record.id)
        try await accounts.deleteAPIKey(record.id)
        #expect(try await accounts.lookUp(head: key.head) == nil)
        let left = try await database.read { try $0.first("SELECT COUNT(*) FROM revocations") { $0.int(0) } }
        #expect(left == 0)
        await #expect(throws: AccountsError.self) { try await accounts.deleteAPIKey(record.id) }
    }

    @Test func `changed limits and a disabled project or owner are seen at once`() async throws {
        let (accounts, _) = try await open()
        let project = try await project(accounts)
        let (_, key) = try await accounts.createAPIKey(project: project.id, name: "key")
        _ = try await accounts.lookUp(head: key.head)
        var limits = ProjectLimits()
        limits.storageBytes = 5
        limits.burst = 0
        try await accounts.setLimits(limits, project: project.id)
        let changed = try #require(try await accounts.lookUp(head: key.head)?.limits)
        #expect(changed.storageBytes == 5)
        #expect(changed.burst == 0)
        #expect(changed.buckets == 100)
        try await accounts.setDisabled(true, project: project.id)
        #expect(try await accounts.lookUp(head: key.head)?.isDisabled == true)
        try await accounts.setDisabled(false, project: project.id)
        #expect(try await accounts.lookUp(head: key.head)?.isDisabled == false)
        try await accounts.setDisabled(true, user: project.ownerID)
        #expect(try await accounts.lookUp(head: key.head)?.isDisabled == true)
    }

    @Test func `a change by another process is seen after the cache's lifetime`() async throws {
        let (accounts, database) = try await open()
        let project = try await project(accounts)
        let (_, key) = try await accounts.createAPIKey(project: project.id, name: "key")
        _ = try await accounts.lookUp(head: key.head)
        _ = try await database.write { try $0.execute("UPDATE projects SET is_disabled = 1") }
        #expect(try await accounts.lookUp(head: key.head)?.isDisabled == false)
        clock.advance(by: AccountsSettings().cacheLifetime)
        #expect(try await accounts.lookUp(head: key.head)?.isDisabled == true)
    }

    @Test func `names, heads and email addresses are unique, owners and projects must exist`() async throws {
        let (accounts, _) = try await open()
        let project = try await project(accounts)
        _ = try await accounts.createAPIKey(project: project.id, name: "key")
        func code(_ body: () async throws -> Void) async -> AccountsError.Code? {
            do { try await body() } catch { return (error as? AccountsError)?.code }
            return nil
        }
        #expect(await code { _ = try await accounts.createAPIKey(project: project.id, name: "key") } == .alreadyExists)
        #expect(
            await code { _ = try await accounts.createUser(email: "ada@example.test", name: "B") } == .alreadyExists)
        #expect(await code { _ = try await accounts.createUser(email: "ada", name: "B") } == .invalid)
        #expect(await code { _ = try await accounts.createProject(name: "x", owner: UserID()) } == .notFound)
        #expect(await code { _ = try await accounts.createProject(name: "", owner: project.ownerID) } == .invalid)
        #expect(await code { _ = try await accounts.createAPIKey(project: ProjectID(), name: "k") } == .notFound)
        #expect(await code { try await accounts.revoke(tail: Bytes32(), keyID: APIKeyID()) } == .notFound)
        var limits = ProjectLimits()
        limits.segments = -1
        #expect(await code { try await accounts.setLimits(limits, project: project.id) } == .invalid)
    }

    @Test func `lists tell everything and survive a reopening`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "satellite.db").path
            func open() async throws -> (Accounts, Database) {
                let database = try Database.open(.file(path: path))
                let accounts = Accounts(
                    database: database, settings: AccountsSettings(), clock: clock.wallClock, random: .seeded(2),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
                try await accounts.migrate()
                return (accounts, database)
            }
            var (accounts, database) = try await open()
            let project = try await project(accounts)
            let (record, _) = try await accounts.createAPIKey(project: project.id, name: "key")
            try database.close()
            (accounts, database) = try await open()
            #expect(try await accounts.users().map(\.id) == [project.ownerID])
            #expect(try await accounts.projects() == [project])
            #expect(try await accounts.project(project.id) == project)
            #expect(try await accounts.apiKeys(project: project.id) == [record])
            try database.close()
        }
    }

    @Test func `the text of a key record does not hold its secret`() async throws {
        let (accounts, _) = try await open()
        let project = try await project(accounts)
        let (record, _) = try await accounts.createAPIKey(project: project.id, name: "key")
        #expect(!"\(record)".contains(Hexadecimal.encode(record.secret)))
        #expect(!"\(record)".contains("\(record.secret)"))
    }
}
