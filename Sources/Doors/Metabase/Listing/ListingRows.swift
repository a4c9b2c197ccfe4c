import Database
import StorageModel

/// The rows a listing walks over, of objects or of uploads.
struct ListingRows {
    let transaction: Transaction
    let bucket: BucketID
    let listing: ObjectListing

    /// A row under the scan, read as far as needed.
    struct Row {
        fileprivate let row: SQLRow
        fileprivate let listing: ObjectListing
        /// The full key.
        let key: [UInt8]

        /// Whether it is a delete marker.
        var isDeleteMarker: Bool {
            guard listing.scope != .uploads else { return false }
            return ObjectStatus(rawValue: Int32(truncatingIfNeeded: row.integer(4)))?.isDeleteMarker ?? false
        }

        /// The item it becomes.
        func item(isLatest: Bool) throws -> ObjectListingItem {
            if listing.scope == .uploads {
                return .upload(try UploadTable.read(row, includesMetadata: listing.includesMetadata))
            }
            return .object(
                try ObjectColumns.read(row, includesMetadata: listing.includesMetadata), isLatest: isLatest)
        }
    }

    private static func objects(_ columns: String) -> String {
        """
        SELECT \(columns) FROM objects WHERE bucket = ?1 AND (key, ver_desc) > (?2, ?3)
            AND (expires_at IS NULL OR expires_at > ?4)
        ORDER BY key, ver_desc
        """
    }
    private static func uploads(_ columns: String) -> String {
        """
        SELECT \(columns) FROM uploads WHERE bucket = ?1 AND (key, created_at, tail) > (?2, ?3, ?5)
            AND (expires_at IS NULL OR expires_at > ?4)
        ORDER BY key, created_at, tail
        """
    }
    // Metadata is left out where nobody asked for it: it is most of a row, and may lie on pages of its own.
    private static let systemObjects = objects(ObjectColumns.system)
    private static let wholeObjects = objects(ObjectColumns.all)
    private static let systemUploads = uploads(UploadTable.systemColumns)
    private static let wholeUploads = uploads(UploadTable.columns)

    /// Hands out visible rows strictly behind a position until `body` returns false.
    func each(after position: ListingPosition, _ body: (Row) throws -> Bool) throws {
        let start: [SQLValue] = [
            .integer(bucket.rawValue), .blob(position.key), .integer(position.number), SQLValue(transaction.now),
        ]
        let isUploads = listing.scope == .uploads
        let sql =
            switch (isUploads, listing.includesMetadata) {
            case (false, false): Self.systemObjects
            case (false, true): Self.wholeObjects
            case (true, false): Self.systemUploads
            case (true, true): Self.wholeUploads
            }
        try transaction.session.each(sql, isUploads ? start + [.blob(position.tail)] : start) { row in
            try body(Row(row: row, listing: listing, key: row.blob(1)))
        }
    }
}
