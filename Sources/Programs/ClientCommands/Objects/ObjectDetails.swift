import Foundation
import Uplink

/// What is known of an object.
struct ObjectDetails: Details {
    struct Lock: Encodable {
        let mode: String
        let until: Date
    }

    let bucket: String
    let key: String
    let size: Int64
    let createdAt: Date?
    let expiresAt: Date?
    let versionId: String?
    let isLatest: Bool
    let isDeleteMarker: Bool
    let entityTag: String?
    let retention: Lock?
    let hasLegalHold: Bool?
    let metadata: [String: String]

    init(_ object: Object) {
        bucket = object.bucket
        key = object.key
        size = object.size
        createdAt = object.createdAt
        expiresAt = object.expiresAt
        versionId = object.version?.description
        isLatest = object.isLatest
        isDeleteMarker = object.isDeleteMarker
        entityTag = object.entityTag.map { String(decoding: $0, as: UTF8.self) }
        retention = object.retention.map { Lock(mode: $0.mode.name, until: $0.until) }
        hasLegalHold = object.hasLegalHold
        metadata = object.metadata
    }

    func facts(show: (Date) -> String) -> [(name: String, value: String)] {
        var facts: [(String, String)] = [("object", RemotePath(bucket: bucket, key: key).description)]
        if isDeleteMarker {
            facts.append(("kind", "delete marker"))
        } else {
            facts.append(("size", size < 1024 ? "\(size) B" : "\(SizeText.human(size)) (\(size) B)"))
        }
        if let createdAt { facts.append(("created", show(createdAt))) }
        facts.append(("expires", expiresAt.map(show) ?? "never"))
        if let versionId { facts.append(("version", versionId)) }
        if let entityTag { facts.append(("entity tag", entityTag)) }
        if let retention { facts.append(("retention", "\(retention.mode) until \(show(retention.until))")) }
        if hasLegalHold == true { facts.append(("legal hold", "on")) }
        for (index, entry) in metadata.sorted(by: { $0.key < $1.key }).enumerated() {
            facts.append((index == 0 ? "metadata" : "", "\(entry.key) = \(entry.value)"))
        }
        return facts
    }
}

extension Retention.Mode {
    /// The mode in one word, stable.
    var name: String {
        switch self {
        case .compliance: "compliance"
        case .governance: "governance"
        }
    }

    /// A mode by its name.
    init?(name: String) {
        guard let mode = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = mode
    }
}
