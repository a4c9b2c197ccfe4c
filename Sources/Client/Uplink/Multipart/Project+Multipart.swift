internal import Encryption
internal import Foundation
internal import StorageModel
internal import WireMessages

extension Project {
    /// Begins an object whose parts are uploaded one by one, perhaps by several programs and over days.
    ///
    /// - Parameter options: of which ``UploadOptions/overwrites`` counts only at the commit. The metadata is kept with the
    ///   upload, where ``pendingUploads(bucket:options:)`` finds it, and the object gets it unless the commit brings other.
    /// - Throws: ``UplinkError``, `CancellationError`.
    public func beginUpload(
        bucket: String, key: String, options: UploadOptions = UploadOptions()
    ) async throws -> MultipartUpload {
        let address = try keys.address(bucket: bucket, key: key)
        try await passphrase.check(bucket: bucket, key: key)
        let subject = address.subject(.beginUpload)
        var request = Metainfo_BeginObjectRequest(address, options)
        if let sealed = try sealed(partedMetadata: options.metadata, at: address) {
            request.encryptedMetadata = Data(sealed.envelope)
            request.encryptedMetadataEncryptedKey = Data(sealed.encryptedKey)
            request.encryptedMetadataNonce = Data(sealed.keyNonce.bytes)
        }
        let answer = try await metainfo.call(MetainfoMethods.beginObject, request, subject)
        guard !answer.streamID.isEmpty else { throw UplinkError.badAnswer("it names no upload", about: subject) }
        return MultipartUpload(bucket: bucket, key: key, streamID: answer.streamID)
    }

    /// Begins to write a part.
    ///
    /// - Parameters:
    ///   - number: in `1...10000`; parts form the object in the order of their numbers. All but the last must hold at least
    ///     5 MiB, as satellites demand.
    ///   - expectedSize: bytes that will come, where they are known: a hint that saves memory.
    /// - Throws: ``UplinkError`` for an impossible number or id.
    public func uploadPart(
        _ upload: MultipartUpload, number: Int, expectedSize: Int64? = nil
    ) async throws -> PartUpload {
        try part(of: upload, number: number, expectedSize: expectedSize)
    }

    func part(of upload: MultipartUpload, number: Int, expectedSize: Int64?) throws -> PartUpload {
        try PartUpload(
            project: self, upload: upload, address: keys.address(bucket: upload.bucket, key: upload.key),
            number: number, expectedSize: expectedSize)
    }

    /// Makes an object of all parts.
    ///
    /// - Throws: ``UplinkError``, `CancellationError`.
    @discardableResult
    public func commitUpload(
        _ upload: MultipartUpload, metadata: [String: String] = [:], overwrites: Bool = true
    ) async throws -> Object {
        let address = try keys.address(bucket: upload.bucket, key: upload.key)
        let subject = address.subject(.commitUpload)
        var request = Metainfo_CommitObjectRequest(
            try sealed(partedMetadata: metadata, at: address), overwrites: overwrites)
        request.streamID = try upload.streamID()
        let answer = try await metainfo.call(MetainfoMethods.commitObject, request, subject)
        guard answer.hasObject else { throw UplinkError.badAnswer("it has no object", about: subject) }
        return try Object(answer.object, at: address, subject)
    }

    /// Custom metadata of an object in parts, encrypted; nil for none.
    private func sealed(
        partedMetadata metadata: [String: String], at address: ObjectAddress
    ) throws -> ObjectMetadata.Sealed? {
        guard !metadata.isEmpty else { return nil }
        // Parts say their own sizes, so the sizes of an ordinary upload stay away.
        return try ObjectMetadata(segmentsSize: 0, lastSegmentSize: 0, userDefined: metadata).sealed(
            suite: SegmentSecret.suite, contentKey: address.contentKey, metadataKey: .random(using: random),
            keyNonce: .random(using: random))
    }

    /// Forgets an upload and all its parts.
    ///
    /// - Throws: ``UplinkError/Code/uploadNotFound`` and others, `CancellationError`.
    public func abortUpload(_ upload: MultipartUpload) async throws {
        let address = try keys.address(bucket: upload.bucket, key: upload.key)
        var request = Metainfo_BeginDeleteObjectRequest()
        request.bucket = address.bucketName
        request.encryptedObjectKey = address.encryptedKey
        request.status = 1
        request.streamID = try upload.streamID()
        _ = try await metainfo.call(MetainfoMethods.beginDeleteObject, request, address.subject(.abortUpload))
    }

    /// The parts that are stored, by number.
    ///
    /// - Parameter number: lists only parts behind this one.
    /// - Throws: ``UplinkError/Code/uploadNotFound`` and others, `CancellationError`.
    public func parts(of upload: MultipartUpload, after number: Int = 0) async throws -> [Part] {
        try await storedParts(of: upload, after: number).map(\.part)
    }

    /// The parts an object was uploaded in, by number; of one that came in one piece a single part with the number 0.
    ///
    /// - Parameter version: nil for the newest.
    /// - Throws: ``UplinkError/Code/objectNotFound`` and others, `CancellationError`.
    public func parts(bucket: String, key: String, version: ObjectVersion? = nil) async throws -> [Part] {
        let address = try keys.address(bucket: bucket, key: key)
        let message = try await find(address, version: version, .getObject)
        return try await storedParts(of: message.streamID, at: address, after: 0).map(\.part)
    }

    /// The stored parts and how many segments each has.
    func storedParts(
        of upload: MultipartUpload, after number: Int = 0
    ) async throws -> [(part: Part, segmentCount: Int)] {
        let address = try keys.address(bucket: upload.bucket, key: upload.key)
        return try await storedParts(of: upload.streamID(), at: address, after: number)
    }

    /// The parts of a pending or committed stream and how many segments each has.
    private func storedParts(
        of streamID: Data, at address: ObjectAddress, after number: Int
    ) async throws -> [(part: Part, segmentCount: Int)] {
        let subject = address.subject(.listParts)
        var collection = PartCollection(address: address)
        var request = Metainfo_ListSegmentsRequest()
        request.streamID = streamID
        request.cursorPosition.partNumber = Int32(clamping: max(0, number))
        request.cursorPosition.index = number > 0 ? .max : 0
        while true {
            let page = try await metainfo.call(MetainfoMethods.listSegments, request, subject)
            for item in page.items { try collection.add(item, page.encryptionParameters, subject) }
            guard page.more, let last = page.items.last else { break }
            guard last.position != request.cursorPosition else {
                throw UplinkError.badAnswer("a list does not go on", about: subject)
            }
            request.cursorPosition = last.position
        }
        return collection.parts
    }
}

/// Folds segments into the parts they belong to.
private struct PartCollection {
    let address: ObjectAddress
    private(set) var parts: [(part: Part, segmentCount: Int)] = []

    init(address: ObjectAddress) { self.address = address }

    /// Adds the next segment in order.
    mutating func add(
        _ item: Metainfo_SegmentListItem, _ parameters: Metainfo_EncryptionParameters, _ subject: CallSubject
    ) throws {
        let number = Int(item.position.partNumber)
        let before = parts.last.flatMap { $0.part.number == number ? $0 : nil }
        if before != nil { parts.removeLast() }
        let size = (before?.part.size ?? 0).addingReportingOverflow(item.plainSize)
        guard item.plainSize >= 0, !size.overflow else {
            throw UplinkError.badAnswer("a size is impossible", about: subject)
        }
        let created = try item.hasCreatedAt ? Date.wire(item.createdAt, subject) : nil
        let part = Part(
            number: number, size: size.partialValue,
            modifiedAt: [before?.part.modifiedAt, created].compactMap { $0 }.max(),
            // Only the last segment of a part has it.
            entityTag: try entityTag(item, parameters))
        parts.append((part, (before?.segmentCount ?? 0) + 1))
    }

    private func entityTag(
        _ item: Metainfo_SegmentListItem, _ parameters: Metainfo_EncryptionParameters
    ) throws -> [UInt8] {
        guard !item.encryptedETag.isEmpty, let nonce = EncryptionNonce(item.encryptedKeyNonce) else { return [] }
        let suite = CipherSuite(rawValue: parameters.cipherSuite.rawValue) ?? .unspecified
        do {
            let key = try EncryptionKey(
                unwrapping: Array(item.encryptedKey), by: suite, key: address.contentKey, nonce: nonce)
            return try suite.decrypt(item.encryptedETag, key: key.entityTagKey, nonce: EncryptionNonce())
        } catch {
            throw UplinkError.transfer(error, address.subject(.listParts).attempt)
        }
    }
}
