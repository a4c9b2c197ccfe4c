internal import Encryption
internal import Foundation
public import NIOCore
internal import StorageModel
internal import Synchronization
internal import WireMessages

/// An object that is being written.
///
/// Write its content, then commit it; until then nobody sees it. A write or commit that fails, or whose task is cancelled,
/// has aborted the upload. One task may write at a time.
///
/// ```swift
/// let upload = try await project.upload(bucket: "photos", key: "2026/cat.jpg")
/// try await upload.write(ByteBuffer(bytes: jpeg))
/// let object = try await upload.commit()
/// ```
public final class Upload: Sendable {
    /// What the writing task works on, lent to one call at a time.
    private struct Work: @unchecked Sendable {
        let writer: StreamWriter
        let batches: UploadBatches
    }

    private enum State {
        case idle(Work)
        case busy
        case over
    }

    /// The bucket's name.
    public let bucket: String
    /// The whole key.
    public let key: String
    private let project: Project
    private let address: ObjectAddress
    private let options: UploadOptions
    private let state: Mutex<State>
    /// Compares the passphrase with what the bucket holds, beside the upload.
    private let passphrase: Task<Void, any Error>

    /// An upload of which the satellite does not know yet.
    init(
        project: Project, address: ObjectAddress, options: UploadOptions, expectedSize: Int64? = nil
    ) throws(UplinkError) {
        bucket = address.bucket
        key = address.key
        self.project = project
        self.address = address
        self.options = options
        let batches = UploadBatches(
            project: project, address: address, begin: Metainfo_BeginObjectRequest(address, options))
        let writer = StreamWriter(batches: batches, plane: project.data, expectedSize: expectedSize)
        state = Mutex(.idle(Work(writer: writer, batches: batches)))
        let probe = project.passphrase
        passphrase = Task { try await probe.check(bucket: address.bucket, key: address.key) }
    }

    deinit {
        passphrase.cancel()
        if case .idle(let work) = state.withLock({ $0 }) { Task { await Self.abandon(work) } }
    }

    /// Appends bytes to the object.
    ///
    /// - Throws: ``UplinkError``, `CancellationError`; the upload is aborted then.
    public func write(_ bytes: ByteBuffer) async throws {
        try await withWork { try await $0.writer.write(bytes) }
    }

    /// Appends bytes, which must stay as they are until the call returns.
    ///
    /// - Throws: ``UplinkError``, `CancellationError`; the upload is aborted then.
    public func write(_ bytes: UnsafeRawBufferPointer) async throws {
        try await withWork { try await $0.writer.write(bytes) }
    }

    /// Makes the object visible to readers.
    ///
    /// - Parameter metadata: attached to the object instead of what the options say.
    /// - Throws: ``UplinkError``, `CancellationError`; the upload is aborted then.
    @discardableResult
    public func commit(metadata: [String: String]? = nil) async throws -> Object {
        let object = try await withWork { work in
            let ending = try await work.writer.finish()
            try await self.checkPassphrase()
            let attached = ObjectMetadata(
                segmentsSize: Int64(SegmentCipher.maximumPlainSize), lastSegmentSize: ending.lastSegmentSize,
                userDefined: metadata ?? self.options.metadata)
            let sealed = try attached.sealed(
                suite: SegmentSecret.suite, contentKey: work.batches.address.contentKey,
                metadataKey: .random(using: self.project.random), keyNonce: .random(using: self.project.random))
            return try await work.batches.commit(
                Metainfo_CommitObjectRequest(sealed, overwrites: self.options.overwrites))
        }
        state.withLock { $0 = .over }
        return try Object(object, at: address, address.subject(.commitObject))
    }

    /// Forgets what was written. Does nothing after a commit or a failure.
    public func abort() async {
        guard
            case .idle(let work) = state.withLock({ state in
                let old = state
                if case .idle = old { state = .over }
                return old
            })
        else { return }
        await Self.abandon(work)
    }

    /// Bytes taken so far; nil while a call is under way.
    var size: Int64? {
        if case .idle(let work) = state.withLock({ $0 }) { work.writer.size } else { nil }
    }

    private func checkPassphrase() async throws {
        try await withTaskCancellationHandler {
            try await passphrase.value
        } onCancel: {
            passphrase.cancel()
        }
    }

    private func withWork<Result>(_ body: (Work) async throws -> Result) async throws -> Result {
        let work = try lend()
        do {
            try Task.checkCancellation()
            let result = try await body(work)
            state.withLock { $0 = .idle(work) }
            return result
        } catch {
            state.withLock { $0 = .over }
            await Self.abandon(work)
            throw UplinkError.transfer(error, work.batches.address.subject(.beginObject).attempt)
        }
    }

    private func lend() throws -> Work {
        try state.withLock { state throws(UplinkError) in
            switch state {
            case .idle(let work):
                state = .busy
                return work
            case .busy: throw UplinkError(.invalidArgument, "two tasks write to the upload of \"\(key)\" at once")
            case .over: throw UplinkError(.invalidArgument, "the upload of \"\(key)\" is over")
            }
        }
    }

    /// Stops what moves and tells the satellite, also when the caller's task is cancelled.
    private static func abandon(_ work: Work) async {
        await Task {
            await work.writer.abandon()
            await work.batches.abort()
        }.value
    }
}

extension Metainfo_BeginObjectRequest {
    /// Begins an object.
    init(_ address: ObjectAddress, _ options: UploadOptions) {
        self.init()
        bucket = address.bucketName
        encryptedObjectKey = address.encryptedKey
        encryptionParameters.cipherSuite = .aesGcm
        encryptionParameters.blockSize = Int64(SegmentCipher.standardBlockSize)
        if let expires = options.expires { expiresAt = Wire_Timestamp(Timestamp(date: expires)) }
        if let retention = options.retention { self.retention = retention.message }
        legalHold = options.legalHold
    }
}

extension Metainfo_CommitObjectRequest {
    /// Commits an object with its metadata.
    init(_ sealed: ObjectMetadata.Sealed?, overwrites: Bool) {
        self.init()
        if let sealed {
            encryptedMetadata = Data(sealed.envelope)
            encryptedMetadataEncryptedKey = Data(sealed.encryptedKey)
            encryptedMetadataNonce = Data(sealed.keyNonce.bytes)
            encryptedEtag = Data(sealed.encryptedEntityTag)
        }
        if !overwrites { ifNoneMatch = ["*"] }
    }
}
