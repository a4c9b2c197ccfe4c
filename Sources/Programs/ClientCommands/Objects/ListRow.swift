import Foundation
package import Uplink

/// A line of a listing: as JSON, and what people see of its name.
package struct ListRow: Encodable, Equatable {
    /// What the line is about.
    package enum Kind: String, Encodable {
        case bucket, prefix, object, upload
    }

    let kind: Kind
    let bucket: String
    var key: String?
    var size: Int64?
    var createdAt: Date?
    var expiresAt: Date?
    var versionId: String?
    var isLatest: Bool?
    var isDeleteMarker: Bool?
    var uploadId: String?
    var metadata: [String: String]?
    /// The name for people: relative to the folder that is listed, or whole.
    let name: String

    enum CodingKeys: CodingKey {
        case kind, bucket, key, size, createdAt, expiresAt, versionId, isLatest, isDeleteMarker, uploadId, metadata
    }

    /// A bucket.
    package init(_ bucket: Bucket) {
        kind = .bucket
        self.bucket = bucket.name
        createdAt = bucket.createdAt
        name = bucket.name
    }

    /// An object or a prefix.
    ///
    /// - Parameter shown: what stands before the whole key for people; nil to show what follows the folder `below`.
    package init(_ item: ListItem, bucket: String, below folder: String, shown: String?) {
        self.bucket = bucket
        key = item.key
        name = Self.name(item.key, folder, shown)
        guard let object = item.object else {
            kind = .prefix
            return
        }
        kind = .object
        size = object.size
        createdAt = object.createdAt
        expiresAt = object.expiresAt
        versionId = object.version?.description
        isLatest = object.isLatest
        isDeleteMarker = object.isDeleteMarker
        metadata = object.metadata.isEmpty ? nil : object.metadata
    }

    /// A pending upload, or a prefix of some.
    package init(_ upload: PendingUpload, below folder: String, shown: String?) {
        kind = upload.isPrefix ? .prefix : .upload
        bucket = upload.bucket
        key = upload.key
        createdAt = upload.createdAt
        expiresAt = upload.expiresAt
        uploadId = upload.isPrefix ? nil : upload.id
        name = Self.name(upload.key, folder, shown)
    }

    private static func name(_ key: String, _ folder: String, _ shown: String?) -> String {
        guard let shown else { return String(decoding: key.utf8.dropFirst(folder.utf8.count), as: UTF8.self) }
        return shown + key
    }
}
