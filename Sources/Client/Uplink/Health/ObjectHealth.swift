import Foundation
import StorageModel
import WireMessages

extension Project {
    /// How an object is doing: its segments, where their pieces are, and in what state.
    ///
    /// ```swift
    /// for try await segment in project.health(bucket: "photos", key: "beach.jpg") {
    ///     print(segment.index, segment.condition, "\(segment.healthy) of \(segment.total) pieces")
    /// }
    /// ```
    ///
    /// Whoever may read or list the object may ask. Reading throws `.objectNotFound`, `.permissionDenied`, and
    /// `.unsupported` when the satellite does not tell such things.
    ///
    /// - Parameter version: nil for the newest.
    public func health(bucket: String, key: String, version: ObjectVersion? = nil) -> ObjectHealth {
        ObjectHealth(project: self, bucket: bucket, key: key, version: version)
    }
}

/// The health of an object's segments in their order, asked for as they are read.
public struct ObjectHealth: AsyncSequence, Sendable {
    let project: Project
    let bucket: String
    let key: String
    let version: ObjectVersion?

    /// Walks over the segments once.
    public func makeAsyncIterator() -> Iterator { Iterator(health: self) }

    /// Walks over the segments once.
    public struct Iterator: AsyncIteratorProtocol {
        private let health: ObjectHealth
        private var walk: HealthWalk?
        private var segments: ArraySlice<SegmentHealth> = []

        fileprivate init(health: ObjectHealth) { self.health = health }

        /// The next segment; nil after the last one.
        ///
        /// - Throws: `UplinkError`, `CancellationError`.
        public mutating func next() async throws -> SegmentHealth? {
            while segments.isEmpty {
                var walk = if let walk { walk } else { try await HealthWalk(health) }
                let page = try await walk.next()
                self.walk = walk
                guard let page else { return nil }
                segments = page[...]
            }
            return segments.popFirst()
        }
    }
}

/// Asks for page after page, all of one version of the object.
private struct HealthWalk {
    private let metainfo: MetainfoClient
    private let subject: CallSubject
    private var request = Health_ObjectHealthRequest()
    private var isOver = false

    init(_ health: ObjectHealth) async throws {
        let address = try health.project.keys.address(bucket: health.bucket, key: health.key)
        metainfo = health.project.metainfo
        subject = address.subject(.getHealth)
        request.bucket = address.bucketName
        request.encryptedObjectKey = address.encryptedKey
        // Pages of an object that is replaced meanwhile would be of two objects.
        request.objectVersion = try await health.project.find(address, version: health.version, .getHealth).objectVersion
    }

    /// The next segments; nil after the last ones.
    mutating func next() async throws -> [SegmentHealth]? {
        guard !isOver else { return nil }
        let answer = try await metainfo.call(HealthMethods.objectHealth, request, subject)
        var segments: [SegmentHealth] = []
        for message in answer.segments {
            guard message.position >= request.fromPosition, message.position < .max else {
                throw UplinkError.badAnswer("the segments are not in order", about: subject)
            }
            segments.append(try SegmentHealth(message, subject))
            request.fromPosition = message.position + 1
        }
        guard !segments.isEmpty || !answer.more else {
            throw UplinkError.badAnswer("there is more, but it does not come", about: subject)
        }
        isOver = !answer.more
        return segments
    }
}
