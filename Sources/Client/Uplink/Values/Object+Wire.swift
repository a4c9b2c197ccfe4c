import Encryption
import Foundation
import StorageModel
import WireMessages

extension Object {
    /// What a satellite says of an object, without what is encrypted.
    ///
    /// - Throws: `.satelliteError` for a size or time that cannot be.
    init(_ item: Metainfo_ObjectListItem, bucket: String, key: String, _ subject: CallSubject) throws(UplinkError) {
        guard item.plainSize >= 0 else { throw .badAnswer("a size is negative", about: subject) }
        self.init(
            bucket: bucket, key: key, version: .wire(item.objectVersion), isLatest: item.isLatest,
            isDeleteMarker: item.status.isDeleteMarker,
            createdAt: try item.hasCreatedAt ? .wire(item.createdAt, subject) : nil,
            expiresAt: try item.hasExpiresAt ? .wire(item.expiresAt, subject) : nil, size: item.plainSize)
        isNullVersion = item.status == .committedUnversioned || item.status == .deleteMarkerUnversioned
    }

    /// What a satellite says of an object, its metadata decrypted.
    ///
    /// - Throws: `.satelliteError` for a size or time that cannot be; `.wrongPassphrase` or `.corruptData` when the
    ///   metadata does not decrypt.
    init(_ message: Metainfo_Object, at address: ObjectAddress, _ subject: CallSubject) throws(UplinkError) {
        try self.init(unread: message, at: address, subject)
        do {
            let sealed = try SealedMetadata(message)
            guard let metadata = try sealed.open(address.contentKey) else { return }
            self.metadata = metadata.userDefined
            entityTag = try sealed.openEntityTag(address.contentKey)
            size = metadata.size(told: size, segmentCount: sealed.segmentCount)
        } catch {
            throw .unreadable(address, error)
        }
    }

    /// What a satellite says of an object, without what is encrypted.
    ///
    /// - Throws: `.satelliteError` for a size or time that cannot be.
    init(unread message: Metainfo_Object, at address: ObjectAddress, _ subject: CallSubject) throws(UplinkError) {
        guard message.plainSize >= 0 else { throw .badAnswer("a size is negative", about: subject) }
        let isVersioned = message.status == .committedVersioned || message.status == .deleteMarkerVersioned
        self.init(
            bucket: address.bucket, key: address.key,
            version: isVersioned ? .wire(message.objectVersion) : nil,
            isDeleteMarker: message.status.isDeleteMarker,
            createdAt: try message.hasCreatedAt ? .wire(message.createdAt, subject) : nil,
            expiresAt: try message.hasExpiresAt ? .wire(message.expiresAt, subject) : nil, size: message.plainSize,
            retention: try message.hasRetention ? .wire(message.retention, subject) : nil,
            hasLegalHold: message.hasLegalHold ? message.legalHold.value : nil)
        isNullVersion = !isVersioned
    }
}

extension Metainfo_Object.Status {
    /// Whether the object is deleted.
    var isDeleteMarker: Bool { self == .deleteMarkerVersioned || self == .deleteMarkerUnversioned }
}

extension ObjectMetadata {
    /// Bytes of content: what the satellite tells, or for old objects what their metadata tells.
    func size(told: Int64, segmentCount: Int64) -> Int64 {
        guard told == 0, segmentCount > 0, segmentsSize >= 0, lastSegmentSize >= 0 else { return told }
        let whole = (segmentCount - 1).multipliedReportingOverflow(by: segmentsSize)
        let size = whole.partialValue.addingReportingOverflow(lastSegmentSize)
        return whole.overflow || size.overflow ? told : size.partialValue
    }
}

extension UplinkError {
    /// The metadata of an object that was found does not decrypt.
    static func unreadable(_ address: ObjectAddress, _ error: EncryptionError) -> UplinkError {
        if !address.isKeyEncrypted, error == .notAuthentic {
            return UplinkError(
                .wrongPassphrase,
                "\"\(address.key)\" in bucket \"\(address.bucket)\" does not decrypt with this access grant's passphrase",
                advice: "Make a grant with the passphrase that the object was stored with")
        }
        if error == .unsupportedCipher {
            return UplinkError(
                .unsupported,
                "\"\(address.key)\" in bucket \"\(address.bucket)\" is encrypted with a cipher that is not known",
                advice: "A newer version may know it")
        }
        return UplinkError(
            .corruptData,
            "the metadata of \"\(address.key)\" in bucket \"\(address.bucket)\" cannot be read: \(error)")
    }
}
