package import Foundation
package import HTTPTypes
package import S3Protocol
package import StorageModel
package import Uplink

/// A stored object with what S3 knows of it.
package struct FoundObject: Sendable {
    package let object: Object
    package let facts: ObjectFacts

    package init(_ object: Object) {
        self.object = object
        facts = ObjectFacts(metadata: object.metadata)
    }

    /// When it was stored.
    package var modified: Timestamp { object.createdAt.map(Timestamp.init(s3:)) ?? Timestamp(microseconds: 0) }

    /// What tells its content from any other.
    package var tag: EntityTag { facts.tag(size: object.size, createdAt: modified) }

    /// The headers that say which content this is and when it came.
    package var identityHeaders: HTTPFields {
        var fields: HTTPFields = [.eTag: tag.quoted, .lastModified: S3Date.http(modified), .acceptRanges: "bytes"]
        if let version = VersionName.text(of: object) { fields[.versionID] = version }
        return fields
    }

    /// The headers that say how it is locked.
    package var lockHeaders: HTTPFields {
        var fields = HTTPFields()
        if let retention = object.retention {
            fields[.lockMode] = retention.mode == .compliance ? "COMPLIANCE" : "GOVERNANCE"
            fields[.lockUntil] = S3Date.iso8601(Timestamp(s3: retention.until))
        }
        if object.hasLegalHold == true { fields[.lockHold] = "ON" }
        return fields
    }
}

extension Timestamp {
    /// The moment of a date of the library, to the microsecond.
    package init(s3 date: Date) {
        let microseconds = (date.timeIntervalSince1970 * 1_000_000).rounded()
        self.init(microseconds: Int64(exactly: microseconds) ?? (microseconds < 0 ? .min : .max))
    }

    /// The moment as the library wants it.
    package var s3Date: Date { Date(timeIntervalSince1970: Double(seconds) + Double(nanoseconds) / 1_000_000_000) }
}
