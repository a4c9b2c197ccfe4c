internal import Foundation
public import NIOCore
internal import Synchronization

/// One part of a multipart upload that is being written.
///
/// Parts may be written in any order and several at the same time; one part by one task at a time. A write or commit that
/// fails has given the part up, not the upload: write the part again.
public final class PartUpload: Sendable {
    /// What the writing task works on, lent to one call at a time.
    private struct Work: @unchecked Sendable {
        let writer: StreamWriter
        let batches: UploadBatches
    }

    /// The upload it belongs to.
    public let upload: MultipartUpload
    /// Its number.
    public let number: Int
    private let subject: CallSubject
    private let work: Mutex<Work?>

    init(
        project: Project, upload: MultipartUpload, address: ObjectAddress, number: Int, expectedSize: Int64?
    ) throws(UplinkError) {
        guard (1...10_000).contains(number), let part = Int32(exactly: number) else {
            throw UplinkError(.invalidArgument, "\(number) is no part's number", advice: "Parts count from 1 to 10000")
        }
        self.upload = upload
        self.number = number
        subject = address.subject(.uploadPart)
        let batches = UploadBatches(project: project, address: address, streamID: try upload.streamID())
        let writer = StreamWriter(batches: batches, plane: project.data, part: part, expectedSize: expectedSize)
        work = Mutex(Work(writer: writer, batches: batches))
    }

    deinit {
        if let work = work.withLock({ $0 }) { Task { await work.writer.abandon() } }
    }

    /// Appends bytes to the part.
    ///
    /// - Throws: ``UplinkError``, `CancellationError`; the part is given up then.
    public func write(_ bytes: ByteBuffer) async throws {
        try await withWork { try await $0.writer.write(bytes) }
    }

    /// Appends bytes, which must stay as they are until the call returns.
    ///
    /// - Throws: ``UplinkError``, `CancellationError`; the part is given up then.
    public func write(_ bytes: UnsafeRawBufferPointer) async throws {
        try await withWork { try await $0.writer.write(bytes) }
    }

    /// Ends the part. It replaces an older one of the same number.
    ///
    /// - Parameter entityTag: attached to the part, encrypted.
    /// - Throws: ``UplinkError``, `CancellationError`; the part is given up then.
    @discardableResult
    public func commit(entityTag: [UInt8] = []) async throws -> Part {
        let size = try await withWork { work in
            _ = try await work.writer.finish(entityTag: entityTag)
            try await work.batches.flush(.uploadPart)
            return work.writer.size
        }
        work.withLock { $0 = nil }
        return Part(number: number, size: size, modifiedAt: Date(), entityTag: entityTag)
    }

    /// Gives the part up.
    public func abort() async {
        let taken = work.withLock { work in
            let taken = work
            work = nil
            return taken
        }
        if let taken { await Task { await taken.writer.abandon() }.value }
    }

    private func withWork<Result>(_ body: (Work) async throws -> Result) async throws -> Result {
        let lent = work.withLock { work in
            let lent = work
            work = nil
            return lent
        }
        guard let lent else {
            throw UplinkError(.invalidArgument, "part \(number) is over, or two tasks write to it at once")
        }
        do {
            try Task.checkCancellation()
            let result = try await body(lent)
            work.withLock { $0 = lent }
            return result
        } catch {
            await Task { await lent.writer.abandon() }.value
            throw UplinkError.transfer(error, subject.attempt)
        }
    }
}
