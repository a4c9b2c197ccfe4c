package import S3Protocol
package import StorageModel
import Synchronization
package import Uplink

/// Sorted views of buckets: what a satellite lists in the order of ciphertexts, in the order that S3 promises.
///
/// A view belongs to one open project, thus to one grant: nobody sees names through it that his own grant does not
/// show him. It is kept in memory only and made anew from the satellite when it is lost. A bucket that fits one page
/// of the satellite is listed anew for every request. Of a larger one the keys that this gateway changed are asked for
/// one by one, and the whole again when the view has become old, so that what others changed is seen too.
package final class BucketIndex: Sendable {
    /// Versions that all views together keep; a bucket with more is not kept.
    package static let capacity = 400_000
    /// A bucket with fewer versions is listed anew each time.
    static let smallCount = 1000
    /// Keys that are asked for one by one; with more, listing anew is cheaper.
    static let changesAskedFor = 64
    /// How long a view is believed at least.
    static let freshness = Duration.seconds(15)
    /// Listing anew takes at most this share of the time.
    static let listingShare = 20

    private struct Place: Hashable {
        let project: ObjectIdentifier
        let bucket: String
    }

    private struct View {
        /// The place is the project's address, which another may get after it.
        weak var project: Project?
        var versions = SortedVersions()
        var listedAt: Timestamp
        var listingTime: Duration
        var usedAt: Timestamp
        /// Keys that this gateway changed since they were looked at.
        var changed: Set<String> = []
        /// Whether it is a view to answer from: not while it is listed for the first time.
        var isWhole = false
    }

    private let state = Mutex<[Place: View]>([:])
    private let refreshes = KeyLocks()

    package init() {}

    /// Says that this gateway stored or deleted something under a key; before its answer is sent.
    package func changed(bucket: String, key: String) {
        state.withLock { views in
            for place in views.keys where place.bucket == bucket { views[place]?.changed.insert(key) }
        }
    }

    /// All versions in a bucket, in order.
    ///
    /// - Throws: `UplinkError`, such as `.bucketNotFound`.
    package func versions(in bucket: String, of project: Project, clock: WallClock) async throws -> SortedVersions {
        let place = Place(project: ObjectIdentifier(project), bucket: bucket)
        // Requests that come together are answered from one listing.
        return try await refreshes.with(bucket, "\(place.project)") {
            let now = clock.now()
            if let view = take(place, of: project, at: now) {
                do {
                    return try await refresh(view.versions, view.changed, place, project)
                } catch {
                    putBack(view.changed, place)
                    throw error
                }
            }
            return try await list(place, project, clock)
        }
    }

    /// A view that is still believed, with the keys to ask for, which are taken out of it.
    private func take(_ place: Place, of project: Project, at now: Timestamp) -> (versions: SortedVersions, changed: Set<String>)? {
        state.withLock { views in
            guard var view = views[place], view.project === project, view.isWhole,
                view.changed.count <= Self.changesAskedFor,
                now.duration(since: view.listedAt) < max(Self.freshness, view.listingTime * Self.listingShare)
            else { return nil }
            let changed = view.changed
            view.changed = []
            view.usedAt = now
            views[place] = view
            return (view.versions, changed)
        }
    }

    private func putBack(_ changed: Set<String>, _ place: Place) {
        state.withLock { $0[place]?.changed.formUnion(changed) }
    }

    private func refresh(
        _ versions: SortedVersions, _ changed: Set<String>, _ place: Place, _ project: Project
    ) async throws -> SortedVersions {
        guard !changed.isEmpty else { return versions }
        var versions = versions
        for key in changed {
            let found = try await project.versionsWithMetadata(bucket: place.bucket, key: key)
            versions.replace(key, by: found.map(ListedVersion.init))
        }
        state.withLock { $0[place]?.versions = versions }
        return versions
    }

    private func list(_ place: Place, _ project: Project, _ clock: WallClock) async throws -> SortedVersions {
        let started = clock.now()
        // What changes from now on may or may not be in what is listed.
        state.withLock { views in
            views[place] = View(project: project, listedAt: started, listingTime: .zero, usedAt: started)
        }
        do {
            var options = ListOptions()
            options.isRecursive = true
            options.allVersions = true
            options.includesCustomMetadata = true
            var found: [ListedVersion] = []
            for try await item in project.objects(bucket: place.bucket, options: options) {
                if case .object(let object) = item { found.append(ListedVersion(object)) }
            }
            let versions = SortedVersions(found)
            keep(versions, place, listedAt: started, endedAt: clock.now())
            return versions
        } catch {
            state.withLock { $0[place] = nil }
            throw error
        }
    }

    private func keep(_ versions: SortedVersions, _ place: Place, listedAt: Timestamp, endedAt: Timestamp) {
        let count = versions.versions.count
        state.withLock { views in
            guard count > Self.smallCount, count <= Self.capacity else {
                views[place] = nil
                return
            }
            views[place]?.versions = versions
            views[place]?.listingTime = endedAt.duration(since: listedAt)
            views[place]?.isWhole = true
            for (other, view) in views where view.project == nil { views[other] = nil }
            while views.values.reduce(0, { $0 + $1.versions.versions.count }) > Self.capacity,
                let oldest = views.filter({ $0.key != place && $0.value.isWhole }).min(by: { $0.value.usedAt < $1.value.usedAt })
            {
                views[oldest.key] = nil
            }
        }
    }
}

extension ListedVersion {
    /// From what the library lists, custom metadata included.
    package init(_ object: Object) {
        let found = FoundObject(object)
        self.init(
            key: object.key, version: VersionName.text(of: object), isLatest: object.isLatest,
            isDeleteMarker: object.isDeleteMarker, modified: found.modified, size: object.size, tag: found.tag.text,
            checksum: found.facts.checksum?.algorithm)
    }
}
