package import GatewayRecords
package import StorageModel
import Synchronization

/// What every request asks about its bucket, in memory over the records: whose it is and what its owner wrote about it.
///
/// A change made through this directory is seen at once; one made by another process on the same records after
/// `freshness`.
package final class BucketDirectory: Sendable {
    /// How long what was read may be believed.
    package static let freshness = Duration.seconds(5)
    /// Buckets remembered; beyond it all are forgotten at once, which costs one read each.
    private static let maximumCount = 4096

    private struct Entry<Value: Sendable>: Sendable {
        let value: Value
        let readAt: Timestamp
    }

    private struct State {
        var owners: [String: Entry<BucketOwner?>] = [:]
        var properties: [BucketPlace: Entry<BucketProperties>] = [:]
        /// Counts changes, so that what was read before a change is not remembered after it.
        var changeCount = 0
    }

    package let records: BucketRecords
    private let clock: WallClock
    private let state = Mutex(State())

    package init(records: BucketRecords, clock: WallClock) {
        self.records = records
        self.clock = clock
    }

    /// Whose a bucket is; nil for one that was not made through a gateway.
    package func owner(of bucket: String) async throws -> BucketOwner? {
        let now = clock.now()
        let (known, changeCount) = state.withLock { ($0.owners[bucket], $0.changeCount) }
        if let known, Self.isFresh(known.readAt, now) { return known.value }
        let owner = try await records.owner(of: bucket)
        state.withLock { state in
            guard state.changeCount == changeCount else { return }
            if state.owners.count >= Self.maximumCount { state.owners = [:] }
            state.owners[bucket] = Entry(value: owner, readAt: now)
        }
        return owner
    }

    /// What its owner wrote about a bucket.
    ///
    /// - Throws: when a document cannot be read: then nobody is let in by it, and nobody past it.
    package func properties(of place: BucketPlace) async throws -> BucketProperties {
        let now = clock.now()
        let (known, changeCount) = state.withLock { ($0.properties[place], $0.changeCount) }
        if let known, Self.isFresh(known.readAt, now) { return known.value }
        let properties = try BucketProperties(place: place, documents: try await records.documents(of: place))
        state.withLock { state in
            guard state.changeCount == changeCount else { return }
            if state.properties.count >= Self.maximumCount { state.properties = [:] }
            state.properties[place] = Entry(value: properties, readAt: now)
        }
        return properties
    }

    /// Records whose a bucket is, unless somebody's it is already.
    ///
    /// - Returns: whose it is now.
    package func claim(_ claim: BucketOwner) async throws -> BucketOwner {
        let owner = try await records.claim(claim)
        forget(bucket: claim.bucket)
        return owner
    }

    /// Records a bucket that was made with another tool as its owner's, unless its name is somebody's already.
    ///
    /// - Returns: whether it is recorded as his.
    package func claim(_ place: BucketPlace, at time: Timestamp) async throws -> Bool {
        if let owner = try await owner(of: place.bucket) { return owner.owner == place.owner }
        let claim = BucketOwner(bucket: place.bucket, owner: place.owner, location: "", createdAt: time)
        return try await self.claim(claim).owner == place.owner
    }

    /// Forgets a bucket that was deleted, with all that was written about it.
    package func forget(_ place: BucketPlace) async throws {
        try await records.forget(place)
        forget(bucket: place.bucket)
    }

    /// Writes a document in place of the one before; nil removes it.
    package func set(_ document: [UInt8]?, _ kind: BucketDocumentKind, of place: BucketPlace) async throws {
        if let document {
            try await records.setDocument(document, kind, of: place, at: clock.now())
        } else {
            try await records.removeDocument(kind, of: place)
        }
        forget(bucket: place.bucket)
    }

    private func forget(bucket: String) {
        state.withLock { state in
            state.changeCount += 1
            state.owners[bucket] = nil
            for place in state.properties.keys where place.bucket == bucket { state.properties[place] = nil }
        }
    }

    private static func isFresh(_ time: Timestamp, _ now: Timestamp) -> Bool {
        (.zero..<freshness).contains(now.duration(since: time))
    }
}
