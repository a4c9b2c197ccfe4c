import Foundation
import WireMessages

/// The buckets of a project, fetched page by page as they are read.
public struct BucketListing: AsyncSequence, Sendable {
    let metainfo: MetainfoClient
    let start: String

    /// Walks over the buckets once.
    public func makeAsyncIterator() -> Iterator {
        Iterator(metainfo: metainfo, cursor: Data(start.utf8))
    }

    /// Walks over the buckets once.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let metainfo: MetainfoClient
        fileprivate var cursor: Data
        private var page: ArraySlice<Metainfo_BucketListItem> = []
        private var hasMore = true

        fileprivate init(metainfo: MetainfoClient, cursor: Data) {
            self.metainfo = metainfo
            self.cursor = cursor
        }

        /// The next bucket; nil after the last one.
        ///
        /// - Throws: `UplinkError`, `CancellationError`.
        public mutating func next() async throws -> Bucket? {
            while page.isEmpty, hasMore { try await fetch() }
            guard let item = page.popFirst() else { return nil }
            return try Bucket(item)
        }

        private mutating func fetch() async throws {
            var request = Metainfo_ListBucketsRequest()
            request.cursor = cursor
            request.direction = .after
            let answer = try await metainfo.call(MetainfoMethods.listBuckets, request, BucketListing.subject)
            page = answer.items[...]
            hasMore = answer.more
            guard let last = answer.items.last else {
                hasMore = false
                return
            }
            // A cursor that stands still would make us ask for ever.
            guard cursor.lexicographicallyPrecedes(last.name) else {
                throw UplinkError.badAnswer("the buckets are not in order", about: BucketListing.subject)
            }
            cursor = last.name
        }
    }

    fileprivate static let subject = CallSubject(.listBuckets)
}

extension Bucket {
    fileprivate init(_ item: Metainfo_BucketListItem) throws(UplinkError) {
        self.init(
            name: String(decoding: item.name, as: UTF8.self),
            createdAt: try item.hasCreatedAt ? .wire(item.createdAt, BucketListing.subject) : nil,
            attribution: String(decoding: item.userAgent, as: UTF8.self))
    }
}
