package import HTTPTypes
package import NIOCore
package import S3Protocol
import StorageModel
import Uplink

/// What a write makes of a key, and how it is stored: common to puts, forms and copies that move content.
package struct ObjectWrite: Sendable {
    /// The most bytes of one put.
    package static let maximumSize: Int64 = 5 << 30

    package let bucket: String
    package let key: String
    package var facts: ObjectFacts
    /// What was asked for, or the bucket's default.
    package let encryption: RequestedEncryption
    package let lock: LockRequest
    package let conditions: WriteConditions

    /// Reads a write's headers.
    ///
    /// - Parameters:
    ///   - headers: the request's, or a form's fields as such.
    ///   - facts: nil to read them from the headers as well.
    /// - Throws: `S3Error` for what the headers get wrong, or the bucket does not allow.
    package init(
        _ call: S3Call, bucket: String, key: String, headers: HTTPFields, facts: ObjectFacts? = nil
    ) async throws {
        self.bucket = bucket
        self.key = key
        self.facts = if let facts { facts } else { try ObjectFacts(headers) }
        let requested = try RequestedEncryption.parse(headers)
        lock = try LockRequest(headers, at: call.gateway.clock.now())
        conditions = WriteConditions(headers)
        try Self.checkStorageClass(headers)
        let isManagedByDefault = try await call.properties().isEncryptedByDefault
        encryption = requested == .none && isManagedByDefault ? .managed : requested
        self.facts.accessControl = try await ObjectAccess.declared(call)
        self.facts.isEncryptionManaged = encryption == .managed
        self.facts.customerKey = nil
    }

    /// There is one class of storage.
    ///
    /// - Throws: `InvalidStorageClass`.
    package static func checkStorageClass(_ headers: HTTPFields) throws(S3Error) {
        guard let name = headers[.storageClass], name != "STANDARD" else { return }
        throw S3Error(.invalidStorageClass)
    }

    /// Stores content as the object.
    ///
    /// - Parameters:
    ///   - size: bytes that will come, where they are known.
    ///   - finish: completes the facts once all content has come; what it or the content throws stores nothing.
    /// - Throws: `S3Error`, `UplinkError`, `CancellationError`.
    package func store<Content: AsyncSequence>(
        _ content: Content, size: Int64?, in call: S3Call, finish: (inout ObjectFacts) throws -> Void
    ) async throws -> FoundObject where Content.Element == ByteBuffer {
        guard size ?? 0 <= Self.maximumSize else { throw Self.tooLarge }
        try await WriteCheck.verify(conditions, call.project, bucket: bucket, key: key)
        var facts = facts
        var cipher: ContentCipher?
        if let customerKey = encryption.customerKey {
            let sealed = customerKey.seal(salt: call.gateway.random.bytes(count: 16))
            facts.customerKey = sealed
            cipher = try sealed.open(customerKey)
        }
        let upload = try await call.project.upload(bucket: bucket, key: key, options: options, expectedSize: size)
        do {
            var offset: Int64 = 0
            for try await bytes in content {
                var bytes = bytes
                guard offset + Int64(bytes.readableBytes) <= Self.maximumSize else { throw Self.tooLarge }
                cipher?.apply(&bytes, at: offset)
                offset += Int64(bytes.readableBytes)
                try await upload.write(bytes)
            }
            try finish(&facts)
            return try await commit(upload, facts, call)
        } catch {
            await upload.abort()
            throw lockRefusal(error) ?? error
        }
    }

    private func commit(_ upload: Upload, _ facts: ObjectFacts, _ call: S3Call) async throws -> FoundObject {
        try await call.gateway.changing(bucket, key) {
            try await WriteCheck.verify(conditions, call.project, bucket: bucket, key: key)
            return FoundObject(try await upload.commit(metadata: facts.metadata))
        }
    }

    private var options: UploadOptions {
        UploadOptions(
            overwrites: WriteCheck.overwrites(conditions), retention: lock.retention, legalHold: lock.isHeld,
            keepsModificationTime: false)
    }

    /// What S3 says where the satellite refuses a lock.
    func lockRefusal(_ error: any Error) -> S3Error? {
        guard !lock.isEmpty, let error = error as? UplinkError, error.code == .invalidArgument else { return nil }
        return .noLockConfiguration
    }

    private static let tooLarge = S3Error(
        .entityTooLarge, details: [.init("MaxSizeAllowed", "\(maximumSize)")])
}

extension S3Error {
    /// The bucket cannot lock objects.
    package static let noLockConfiguration = S3Error(
        .invalidRequest, "Bucket is missing Object Lock Configuration")
}
