import Crypto
import Database
import GatewayRecords
import StorageModel
import Testing

@Suite struct BucketRecordsTests {
    let place = BucketPlace(owner: "aa", bucket: "photos")
    let time = Timestamp(microseconds: 1_000_000)

    func records(key: SymmetricKey = SymmetricKey(size: .bits256)) async throws -> (BucketRecords, Database) {
        let database = try Database.open(.memory)
        try await BucketRecords.migrate(database)
        return (BucketRecords(database: database, key: key), database)
    }

    @Test func `a bucket belongs to whoever claimed its name first`() async throws {
        let (records, _) = try await records()
        let first = BucketOwner(bucket: "photos", owner: "aa", location: "", createdAt: time)
        let second = BucketOwner(bucket: "photos", owner: "bb", location: "", createdAt: time)
        #expect(try await records.claim(first) == first)
        #expect(try await records.claim(second) == first)
        try await records.forget(BucketPlace(owner: "bb", bucket: "photos"))
        #expect(try await records.owner(of: "photos") == first)
        try await records.forget(place)
        #expect(try await records.owner(of: "photos") == nil)
    }

    @Test func `documents are kept by kind and unreadable in the database`() async throws {
        let (records, database) = try await records()
        let policy = [UInt8]("allow secret/name".utf8)
        try await records.setDocument([1], .policy, of: place, at: time)
        try await records.setDocument(policy, .policy, of: place, at: time)
        try await records.setDocument([2], .cors, of: place, at: time)
        try await records.setDocument([3], .cors, of: BucketPlace(owner: "bb", bucket: "photos"), at: time)
        #expect(try await records.documents(of: place) == [.policy: policy, .cors: [2]])
        let stored = try await database.read { session in
            try session.query("SELECT document FROM bucket_documents") { $0.blob(0) }
        }
        #expect(!stored.contains { String(decoding: $0, as: UTF8.self).contains("secret") })
        try await records.removeDocument(.policy, of: place)
        #expect(try await records.documents(of: place) == [.cors: [2]])
    }

    @Test func `a document that was moved to another bucket does not open`() async throws {
        let (records, database) = try await records()
        try await records.setDocument([1], .policy, of: place, at: time)
        try await database.write { session in
            try session.execute("UPDATE bucket_documents SET bucket = 'other'")
        }
        await #expect(throws: (any Error).self) {
            try await records.documents(of: BucketPlace(owner: "aa", bucket: "other"))
        }
    }

    @Test func `buckets with a document are found page by page`() async throws {
        let (records, _) = try await records()
        let places = (0..<7).map { BucketPlace(owner: $0 < 3 ? "aa" : "bb", bucket: "bucket-\($0)") }
        for place in places { try await records.setDocument([1], .lifecycle, of: place, at: time) }
        try await records.setDocument([1], .cors, of: BucketPlace(owner: "aa", bucket: "other"), at: time)
        var found: [BucketPlace] = []
        while true {
            let page = try await records.places(with: .lifecycle, after: found.last, limit: 2)
            if page.isEmpty { break }
            found += page
        }
        #expect(found == places)
    }

    @Test func `a message waits until its time, leaves when taken, and is not readable in the database`() async throws {
        let (_, database) = try await records()
        let outbox = EventOutbox(database: database, key: SymmetricKey(size: .bits256))
        try await outbox.add([("hook", [UInt8]("first".utf8)), ("hook", [UInt8]("second".utf8))], of: place, at: time)
        let due = try await outbox.due(at: time, limit: 10)
        #expect(due.map { String(decoding: $0.payload, as: UTF8.self) } == ["first", "second"])
        try await outbox.postpone(due[0].id, until: Timestamp(microseconds: 2_000_000))
        #expect(try await outbox.due(at: time, limit: 10).map(\.id) == [due[1].id])
        try await outbox.remove(due[1].id)
        let later = try await outbox.due(at: Timestamp(microseconds: 2_000_000), limit: 10)
        #expect(later.map(\.id) == [due[0].id])
        #expect(later.map(\.attempts) == [1])
        #expect(try await outbox.count() == 1)
    }
}
