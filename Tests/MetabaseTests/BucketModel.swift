import Metabase
import StorageModel

/// A bucket as naively as it can be written: lists of rows, filtered and sorted anew for every question.
struct BucketModel {
    struct Row: Hashable {
        var key: [UInt8]
        var version: Int64
        var stream: StreamID
        var status: ObjectStatus
        var expiresAt: Timestamp?

        init(_ object: Object) {
            key = object.key
            version = object.version
            stream = object.stream
            status = object.status
            expiresAt = object.expiresAt
        }

        var versionID: ObjectVersionID { ObjectVersionID(version: version, stream: stream) }
    }

    /// An item of a listing: a prefix has no version.
    struct Item: Hashable {
        var key: [UInt8]
        var version: ObjectVersionID?
        var isLatest = false
    }

    var rows: [Row] = []
    var uploads: [Upload] = []
    var versioning = BucketVersioning.unversioned

    // MARK: Looking

    func visible(_ now: Timestamp) -> [Row] {
        rows.filter { $0.expiresAt.map { $0 > now } ?? true }
            .sorted { $0.key != $1.key ? $0.key.lexicographicallyPrecedes($1.key) : $0.version > $1.version }
    }

    func newest(_ key: [UInt8], _ now: Timestamp) -> Row? {
        visible(now).first { $0.key == key }
    }

    // MARK: Changing

    /// What storing a new version answers, or the row it makes.
    mutating func place(
        _ key: [UInt8], stream: StreamID, status: (versioned: ObjectStatus, null: ObjectStatus), expiresAt: Timestamp?,
        versioned: Bool, mayOverwrite: Bool, mustNotExist: Bool, now: Timestamp
    ) -> Result<Row, MetabaseError> {
        if mustNotExist, let newest = newest(key, now), !newest.status.isDeleteMarker { return .failure(.objectExists) }
        let highest = rows.filter { $0.key == key }.map(\.version).max() ?? 0
        var version = highest + 1
        if !versioned, let null = rows.first(where: { $0.key == key && $0.status.isUnversioned }) {
            if !mayOverwrite, null.expiresAt.map({ $0 > now }) ?? true { return .failure(.overwriteForbidden) }
            if null.version == highest { version = highest }
            rows.removeAll { $0 == null }
        }
        let row = Row(
            key: key, version: version, stream: stream, status: versioned ? status.versioned : status.null,
            expiresAt: expiresAt)
        rows.append(row)
        return .success(row)
    }

    // MARK: Listing

    func list(_ listing: ObjectListing, _ now: Timestamp) -> (items: [Item], hasMore: Bool) {
        let items = fold(listing.scope == .uploads ? uploadItems(now) : objectItems(listing.scope, now), listing)
            .filter { isBehindCursor($0, listing) }
        return (Array(items.prefix(listing.limit)), items.count > listing.limit)
    }

    private func objectItems(_ scope: ObjectListing.Scope, _ now: Timestamp) -> [Item] {
        let rows = visible(now)
        let items = rows.enumerated().map { index, row in
            Item(key: row.key, version: row.versionID, isLatest: index == 0 || rows[index - 1].key != row.key)
        }
        guard scope == .latest else { return items }
        return zip(items, rows).filter { $0.isLatest && !$1.status.isDeleteMarker }.map(\.0)
    }

    private func uploadItems(_ now: Timestamp) -> [Item] {
        uploads.filter { $0.expiresAt.map { $0 > now } ?? true }
            .map { Item(key: $0.reference.key, version: $0.reference.versionID) }
            .sorted { left, right in
                left.key != right.key
                    ? left.key.lexicographicallyPrecedes(right.key)
                    : (left.version?.bytes ?? []).lexicographicallyPrecedes(right.version?.bytes ?? [])
            }
    }

    private func fold(_ items: [Item], _ listing: ObjectListing) -> [Item] {
        var folded: [Item] = []
        for item in items where item.key.starts(with: listing.prefix) {
            guard let prefix = collapse(item.key, listing) else {
                folded.append(item)
                continue
            }
            let collapsed = Item(key: prefix, version: nil)
            if folded.last != collapsed { folded.append(collapsed) }
        }
        return folded
    }

    private func collapse(_ key: [UInt8], _ listing: ObjectListing) -> [UInt8]? {
        guard !listing.delimiter.isEmpty else { return nil }
        for length in 0...key.count where length >= listing.prefix.count + listing.delimiter.count {
            if key[..<length].reversed().starts(with: listing.delimiter.reversed()) { return Array(key[..<length]) }
        }
        return nil
    }

    private func isBehindCursor(_ item: Item, _ listing: ObjectListing) -> Bool {
        guard let cursor = listing.cursor else { return true }
        let key = listing.prefix + cursor.key
        if let prefix = collapse(key, listing) {
            return prefix.lexicographicallyPrecedes(item.key) && !item.key.starts(with: prefix)
        }
        if item.key == key, let version = item.version, let cursor = cursor.version, listing.scope != .latest {
            return listing.scope == .uploads
                ? cursor.bytes.lexicographicallyPrecedes(version.bytes) : version.version < cursor.version
        }
        return key.lexicographicallyPrecedes(item.key)
    }
}

extension BucketModel.Row {
    init(
        key: [UInt8], version: Int64, stream: StreamID, status: ObjectStatus, expiresAt: Timestamp?
    ) {
        self.key = key
        self.version = version
        self.stream = stream
        self.status = status
        self.expiresAt = expiresAt
    }
}
