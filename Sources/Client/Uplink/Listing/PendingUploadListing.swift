import Encryption
import Foundation
import StorageModel
import WireMessages

/// The pending uploads of a bucket, fetched page by page as they are read.
public struct PendingUploadListing: AsyncSequence, Sendable {
    let project: Project
    let bucket: String
    let options: PendingUploadOptions

    /// Walks over the uploads once.
    public func makeAsyncIterator() -> Iterator { Iterator(listing: self) }

    /// Walks over the uploads once.
    public struct Iterator: AsyncIteratorProtocol {
        private enum Source {
            case prefix(ListWalk)
            case key(KeyUploads)
        }

        private let listing: PendingUploadListing
        private var source: Source?
        private var items: ArraySlice<PendingUpload> = []

        fileprivate init(listing: PendingUploadListing) { self.listing = listing }

        /// The next upload; nil after the last one.
        ///
        /// - Throws: `UplinkError`, `CancellationError`.
        public mutating func next() async throws -> PendingUpload? {
            while items.isEmpty {
                guard let page = try await nextPage() else { return nil }
                items = page[...]
            }
            return items.popFirst()
        }

        private mutating func nextPage() async throws -> [PendingUpload]? {
            switch try source ?? start() {
            case .prefix(var walk):
                let page = try await walk.next()
                source = .prefix(walk)
                return try page?.items.map { try listing.upload($0.message, key: $0.key, address: nil, $0) }
            case .key(var uploads):
                let page = try await uploads.next(listing.project.metainfo)
                source = .key(uploads)
                return try page?.map {
                    try listing.upload($0, key: uploads.address.key, address: uploads.address, nil)
                }
            }
        }

        private func start() throws(UplinkError) -> Source {
            _ = try Project.bucketName(listing.bucket)
            if let key = listing.options.key {
                return .key(KeyUploads(address: try listing.project.keys.address(bucket: listing.bucket, key: key)))
            }
            return .prefix(try listing.walk())
        }
    }

    private func walk() throws(UplinkError) -> ListWalk {
        let place = try ListPlace(project.keys, bucket: bucket, prefix: options.prefix)
        var request = Metainfo_ListObjectsRequest()
        request.status = .uploading
        request.recursive = options.isRecursive
        request.objectIncludes.metadata = options.includesCustomMetadata
        var start: ListCursor?
        if !options.after.isEmpty {
            start = ListCursor(
                encryptedKey: Array(try place.cursor(after: options.after, isRecursive: options.isRecursive)),
                version: [])
        }
        return ListWalk(
            project, place, .init(request: request, subject: place.subject(.listUploads)), start: start)
    }

    private func upload(
        _ message: Metainfo_ObjectListItem, key: String, address: ObjectAddress?, _ item: ListWalk.Item?
    ) throws(UplinkError) -> PendingUpload {
        let subject = CallSubject(.listUploads, bucket: bucket)
        if message.status == .prefix { return PendingUpload(bucket: bucket, key: key, id: "") }
        guard !message.streamID.isEmpty else { throw .badAnswer("an upload has no id", about: subject) }
        var upload = PendingUpload(
            bucket: bucket, key: key, id: Base58Check.encode(version: 1, payload: Array(message.streamID)),
            createdAt: try message.hasCreatedAt ? .wire(message.createdAt, subject) : nil,
            expiresAt: try message.hasExpiresAt ? .wire(message.expiresAt, subject) : nil)
        if options.includesCustomMetadata, let contentKey = item?.contentKey ?? address?.contentKey {
            // An upload whose metadata does not decrypt can be aborted all the same.
            upload.metadata = (try? SealedMetadata(message).open(contentKey)?.userDefined) ?? [:]
        }
        return upload
    }
}

/// The uploads of one key, page by page.
private struct KeyUploads: Sendable {
    let address: ObjectAddress
    private var cursor = Data()
    private var isOver = false

    init(address: ObjectAddress) { self.address = address }

    mutating func next(_ metainfo: MetainfoClient) async throws -> [Metainfo_ObjectListItem]? {
        if isOver { return nil }
        var request = Metainfo_ListPendingObjectStreamsRequest()
        request.bucket = address.bucketName
        request.encryptedObjectKey = address.encryptedKey
        request.streamIDCursor = cursor
        let answer = try await metainfo.call(
            MetainfoMethods.listPendingObjectStreams, request, address.subject(.listUploads))
        let last = answer.items.last?.streamID ?? Data()
        if answer.more, last.isEmpty || last == cursor {
            throw UplinkError.badAnswer("the uploads go nowhere", about: address.subject(.listUploads))
        }
        isOver = !answer.more
        cursor = last
        return answer.items
    }
}
