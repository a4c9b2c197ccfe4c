import Database
import StorageModel

/// One transaction with the tables and the moment it happens at.
struct Transaction {
    let session: SQLSession
    let metabase: Metabase
    let now: Timestamp
    let isWriter: Bool

    var bucketTable: BucketTable { BucketTable(session: session, cache: metabase.buckets, isWriter: isWriter) }
    var objectTable: ObjectTable { ObjectTable(session: session, now: now) }
    var uploadTable: UploadTable { UploadTable(session: session) }
    var segmentTable: SegmentTable { SegmentTable(session: session, aliases: metabase.aliases, now: now) }
}
