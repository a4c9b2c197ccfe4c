import Database
import StorageModel

/// Scans rows in listing order and folds them into a page.
///
/// Rows nobody wants (older versions, keys below a prefix already listed) are stepped over one by one at first; when they
/// are many the scan seeks past them instead, so that a page costs what it returns.
///
/// - Source: protocol document 2 §4.8.
struct ObjectLister {
    private let transaction: Transaction
    private let bucket: BucketID
    private let listing: ObjectListing

    private var items: [ObjectListingItem] = []
    /// The key of the row before.
    private var lastKey: [UInt8]?
    /// The prefix item listed last.
    private var lastPrefix: [UInt8]?
    private var skipped = 0

    /// Rows stepped over before a seek: about what a seek costs.
    private static let maximumSkips = 12

    /// What a row leads to.
    private enum Step {
        case next
        case seek(ListingPosition)
        case finished
    }

    init(transaction: Transaction, bucket: BucketID, listing: ObjectListing) {
        self.transaction = transaction
        self.bucket = bucket
        self.listing = listing
    }

    /// The page.
    mutating func page() throws -> ObjectPage {
        guard let start = listing.start else { return ObjectPage(items: [], hasMore: false) }
        lastKey = try resumedKey(start)
        var position: ListingPosition? = start
        while let from = position { position = try scan(after: from) }
        let hasMore = items.count > listing.limit
        return ObjectPage(items: Array(items.prefix(listing.limit)), hasMore: hasMore)
    }

    /// The cursor's key when a newer version of it was listed before, so that the next one is not called the newest.
    private func resumedKey(_ start: ListingPosition) throws -> [UInt8]? {
        guard listing.scope == .allVersions, start.number != .min, start.number != .max else { return nil }
        let newest = try transaction.objectTable.newest(bucket, start.key)
        return newest.map { ~$0.version <= start.number } == true ? start.key : nil
    }

    /// Steps through rows behind a position; returns where to seek to, or nil at the end.
    private mutating func scan(after position: ListingPosition) throws -> ListingPosition? {
        var next: ListingPosition?
        skipped = 0
        try ListingRows(transaction: transaction, bucket: bucket, listing: listing).each(after: position) { row in
            switch try accept(row) {
            case .next: return true
            case .seek(let position):
                next = position
                return false
            case .finished: return false
            }
        }
        return next
    }

    private mutating func accept(_ row: ListingRows.Row) throws -> Step {
        let key = row.key
        guard key.starts(with: listing.prefix) else { return .finished }
        if let lastPrefix, key.starts(with: lastPrefix) {
            return skip(to: ByteOrder.successor(lastPrefix).map { .before($0) })
        }
        let isLatest = key != lastKey
        lastKey = key
        if listing.scope == .latest {
            guard isLatest else { return skip(to: .after(key)) }
            guard !row.isDeleteMarker else { return .next }
        }
        if !listing.delimiter.isEmpty,
            let prefix = ByteOrder.prefix(of: key, through: listing.delimiter, after: listing.prefix.count)
        {
            lastPrefix = prefix
            items.append(.prefix(prefix))
        } else {
            items.append(try row.item(isLatest: isLatest))
        }
        return items.count > listing.limit ? .finished : .next
    }

    private mutating func skip(to position: ListingPosition?) -> Step {
        skipped += 1
        guard skipped > Self.maximumSkips else { return .next }
        return position.map { .seek($0) } ?? .finished
    }
}
