/// Which object version is deleted; without a version, what the bucket's versioning says.
package struct ObjectDeletionItem: Hashable, Sendable {
    package var key: [UInt8]
    package var version: ObjectVersionID?

    /// An item.
    package init(key: [UInt8], version: ObjectVersionID? = nil) {
        self.key = key
        self.version = version
    }
}

/// What a deletion did. Nothing at all is a success too.
package struct ObjectDeletion: Hashable, Sendable {
    /// Rows that are gone.
    package var removed: [Object]
    /// The delete marker that was put.
    package var marker: Object?

    /// A result.
    package init(removed: [Object] = [], marker: Object? = nil) {
        self.removed = removed
        self.marker = marker
    }

    /// Whether nothing was there and nothing was put.
    package var isEmpty: Bool { removed.isEmpty && marker == nil }
}

/// The outcome of one item of many.
package enum ObjectDeletionOutcome: Hashable, Sendable {
    case deleted(ObjectDeletion)
    case notFound
    case locked
}

/// Which groups of an object's metadata are replaced.
package struct ObjectMetadataUpdate: Hashable, Sendable {
    /// The groups present replace the stored ones; key and nonce always do.
    package var metadata: ObjectMetadata
    package var replacesCustom: Bool
    package var replacesETag: Bool
    package var replacesChecksum: Bool

    /// An update.
    package init(
        metadata: ObjectMetadata, replacesCustom: Bool = true, replacesETag: Bool = false,
        replacesChecksum: Bool = false
    ) {
        self.metadata = metadata
        self.replacesCustom = replacesCustom
        self.replacesETag = replacesETag
        self.replacesChecksum = replacesChecksum
    }
}
