import Encryption
import Foundation
import WireMessages

/// The objects of a bucket, fetched page by page as they are read.
///
/// Objects that other passphrases wrote are left out; ``pages-swift.property`` says how many. When nothing at all
/// decrypts, reading throws ``UplinkError/Code/wrongPassphrase``.
public struct ObjectListing: AsyncSequence, Sendable {
    let project: Project
    let bucket: String
    let options: ListOptions

    /// The same listing, page by page.
    public var pages: Pages { Pages(listing: self) }

    /// Walks over the objects once.
    public func makeAsyncIterator() -> Iterator { Iterator(pages: pages.makeAsyncIterator()) }

    /// Walks over the objects once.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var pages: Pages.Iterator
        private var items: ArraySlice<ListItem> = []

        fileprivate init(pages: Pages.Iterator) { self.pages = pages }

        /// The next item; nil after the last one.
        ///
        /// - Throws: `UplinkError`, `CancellationError`.
        public mutating func next() async throws -> ListItem? {
            while items.isEmpty {
                guard let page = try await pages.next() else { return nil }
                items = page.items[...]
            }
            return items.popFirst()
        }
    }

    /// The pages of a listing.
    public struct Pages: AsyncSequence, Sendable {
        fileprivate let listing: ObjectListing

        /// Walks over the pages once.
        public func makeAsyncIterator() -> Iterator { Iterator(listing: listing) }

        /// Walks over the pages once.
        public struct Iterator: AsyncIteratorProtocol {
            fileprivate let listing: ObjectListing
            private var walk: ListWalk?
            private var evidence = PassphraseEvidence()

            fileprivate init(listing: ObjectListing) { self.listing = listing }

            /// The next page; nil after the last one.
            ///
            /// - Throws: `UplinkError`, `CancellationError`.
            public mutating func next() async throws -> ListPage? {
                var walk = try self.walk ?? listing.walk()
                let next = try await walk.next()
                self.walk = walk
                guard let next else { return nil }
                let page = try listing.page(next, &evidence)
                // Keys in the clear say nothing about the passphrase, but metadata does.
                if walk.isClear, evidence.isConclusive {
                    try listing.project.passphrase.refute(bucket: listing.bucket, base: nil)
                }
                return page
            }
        }
    }

    private func walk() throws(UplinkError) -> ListWalk {
        _ = try Project.bucketName(bucket)
        let place = try ListPlace(project.keys, bucket: bucket, prefix: options.prefix)
        guard (0...1000).contains(options.pageSize) else {
            throw UplinkError(.invalidArgument, "a page has 1 to 1000 items, not \(options.pageSize)")
        }
        var request = Metainfo_ListObjectsRequest()
        request.recursive = options.isRecursive
        request.limit = Int32(options.pageSize)
        request.includeAllVersions = options.allVersions
        request.objectIncludes.metadata = options.includesCustomMetadata
        request.objectIncludes.excludeSystemMetadata = !options.includesSystemMetadata
        request.objectIncludes.includeEtag = options.includesEntityTags
        return ListWalk(
            project, place, .init(request: request, subject: place.subject(.listObjects)), start: try start(place))
    }

    private func start(_ place: ListPlace) throws(UplinkError) -> ListCursor? {
        if let cursor = options.cursor { return cursor }
        if options.after.isEmpty { return nil }
        return ListCursor(
            encryptedKey: Array(try place.cursor(after: options.after, isRecursive: options.isRecursive)),
            version: options.afterVersion?.bytes ?? [])
    }

    private func page(
        _ page: ListWalk.Page, _ evidence: inout PassphraseEvidence
    ) throws(UplinkError) -> ListPage {
        let subject = CallSubject(.listObjects, bucket: bucket)
        var items: [ListItem] = []
        items.reserveCapacity(page.items.count)
        var unreadCount = 0
        for item in page.items {
            if item.message.status == .prefix {
                items.append(.prefix(item.key))
                continue
            }
            var object = try Object(item.message, bucket: bucket, key: item.key, subject)
            if !options.allVersions {
                object.version = nil
                object.isLatest = true
            }
            if options.includesCustomMetadata || options.includesEntityTags {
                let isRead = Self.readMetadata(of: item, into: &object)
                if isRead == false { unreadCount += 1 }
                evidence.note(isRead)
            }
            items.append(.object(object))
        }
        return ListPage(
            items: items, undecryptableCount: page.undecryptableCount + unreadCount, cursor: page.cursor)
    }

    /// Adds what is encrypted beside the key; nil when there is nothing, false when it does not decrypt.
    private static func readMetadata(of item: ListWalk.Item, into object: inout Object) -> Bool? {
        do {
            let sealed = try SealedMetadata(item.message)
            guard let metadata = try sealed.open(item.contentKey) else { return nil }
            object.metadata = metadata.userDefined
            object.entityTag = try sealed.openEntityTag(item.contentKey)
            object.size = metadata.size(told: object.size, segmentCount: sealed.segmentCount)
            return sealed.provesPassphrase ? true : nil
        } catch {
            // The object is there all the same; the page counts it as not decryptable.
            return false
        }
    }
}
