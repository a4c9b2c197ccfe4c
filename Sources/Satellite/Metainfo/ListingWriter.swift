import Foundation
import Metabase
import StorageModel
import WireMessages

/// What a client wants to know of each item of a listing.
struct ListingIncludes: Hashable, Sendable {
    var system: Bool
    var custom: Bool
    var etag: Bool
    /// The entity tag of items that have one, the custom metadata of the others.
    var etagOrCustom: Bool
    /// Whether the metadata's key is repeated where old clients look for it.
    var isLegacy: Bool

    /// What is told of the uploads of one key.
    static let uploads = ListingIncludes(system: true, custom: true, etag: true, etagOrCustom: false, isLegacy: false)

    var needsMetadata: Bool { custom || etag || etagOrCustom }
}

extension ListingIncludes {
    init(_ request: Metainfo_ListObjectsRequest) throws {
        guard request.useObjectIncludes else {
            // Clients that cannot choose are told everything, also where they looked for it long ago.
            self.init(system: true, custom: true, etag: true, etagOrCustom: false, isLegacy: true)
            return
        }
        guard request.hasObjectIncludes else { throw Refusal.invalid("object includes missing") }
        let includes = request.objectIncludes
        self.init(
            system: !includes.excludeSystemMetadata, custom: includes.metadata, etag: includes.includeEtag,
            etagOrCustom: includes.includeEtagOrCustomMetadata, isLegacy: false)
    }
}

/// Writes the items of one listing.
///
/// - Source: protocol document 2 §1.4 and §1.7, ObjectListItem.
struct ListingWriter: Sendable {
    let bucketName: String
    let project: ProjectID
    /// How many bytes of each key the client knows already.
    let prefixLength: Int
    let scope: ObjectListing.Scope
    let includes: ListingIncludes
    let tokens: TokenSigner

    func item(_ item: ObjectListingItem) throws -> Metainfo_ObjectListItem {
        var message = Metainfo_ObjectListItem()
        message.encryptedObjectKey = Data(item.key.dropFirst(prefixLength))
        switch item {
        case .prefix: message.status = .prefix
        case .object(let object, let isLatest): try write(object, isLatest: isLatest, into: &message)
        case .upload(let upload): try write(upload, into: &message)
        }
        return message
    }

    private func write(_ object: Object, isLatest: Bool, into message: inout Metainfo_ObjectListItem) throws {
        message.status = Metainfo_Object.Status(object.status)
        if scope == .allVersions {
            message.objectVersion = Data(object.versionID.bytes)
            message.isLatest = isLatest
        }
        if includes.system {
            message.createdAt = Wire_Timestamp(object.createdAt)
            if let expiresAt = object.expiresAt { message.expiresAt = Wire_Timestamp(expiresAt) }
            message.plainSize = object.plainSize
        }
        guard !object.status.isDeleteMarker else { return }
        try write(
            object.metadata, object.encryption, segmentCount: includes.system ? object.segmentCount : nil,
            into: &message)
    }

    private func write(_ upload: Upload, into message: inout Metainfo_ObjectListItem) throws {
        message.status = .uploading
        let token = StreamToken(upload, bucketName: bucketName, project: project)
        message.streamID = Data(token.encode(signer: tokens))
        message.objectVersion = Data(upload.reference.versionID.bytes)
        if includes.system {
            message.createdAt = Wire_Timestamp(upload.reference.createdAt)
            if let expiresAt = upload.expiresAt { message.expiresAt = Wire_Timestamp(expiresAt) }
        }
        try write(upload.metadata, upload.encryption, segmentCount: nil, into: &message)
    }

    private func write(
        _ metadata: ObjectMetadata, _ encryption: ObjectEncryption, segmentCount: Int?,
        into message: inout Metainfo_ObjectListItem
    ) throws {
        let hasETag = !metadata.encryptedETag.isEmpty
        let writesETag = (includes.etag || includes.etagOrCustom) && hasETag
        let writesCustom = includes.custom || (includes.etagOrCustom && !hasETag)
        guard writesCustom || writesETag else { return }
        message.encryptedMetadata = try StreamDescription.complete(
            writesCustom ? metadata.encrypted : [], cipher: encryption.cipherSuite, blockSize: encryption.blockSize,
            segmentCount: segmentCount, lastSegment: includes.isLegacy ? (metadata.encryptedKey, metadata.nonce) : nil)
        if !metadata.nonce.isEmpty { message.encryptedMetadataNonce = Data(metadata.nonce) }
        message.encryptedMetadataEncryptedKey = Data(metadata.encryptedKey)
        if writesETag { message.encryptedEtag = Data(metadata.encryptedETag) }
    }
}
