internal import Encryption
internal import Foundation
internal import PieceTransfer
internal import StorageModel
internal import WireMessages

/// What one upload says to the satellite, in as few calls as possible.
///
/// Commits of segments wait here for the next call that needs an answer. Calls follow one another, as the stream's writer
/// makes them. Not for two tasks at once.
/// - Source: protocol document 2 §2.3.4.
final class UploadBatches {
    /// How long an abort waits for the satellite.
    private static let abortPatience: Duration = .seconds(5)

    private let metainfo: MetainfoClient
    private let random: RandomSource
    /// The object that is uploaded.
    let address: ObjectAddress
    /// Begins the object; nil once it was sent, and for parts.
    private var begin: Metainfo_BeginObjectRequest?
    private var queue: [any BatchedRequest] = []
    /// The satellite's name of the pending object; empty until the first answer.
    private(set) var streamID = Data()

    /// The calls of an ordinary upload, which begins an object.
    init(project: Project, address: ObjectAddress, begin: Metainfo_BeginObjectRequest) {
        metainfo = project.metainfo
        random = project.random
        self.address = address
        self.begin = begin
    }

    /// The calls of one part of a multipart upload.
    init(project: Project, address: ObjectAddress, streamID: Data) {
        metainfo = project.metainfo
        random = project.random
        self.address = address
        self.streamID = streamID
    }

    /// The key of a new segment.
    func secret(at position: SegmentPosition) throws -> SegmentSecret {
        try SegmentSecret(position: position, objectKey: address.contentKey, random: random)
    }

    /// Commits a remote segment with the next call.
    func add(_ commit: Metainfo_CommitSegmentRequest) { queue.append(commit) }

    /// Stores an inline segment with the next call.
    func add(inline data: [UInt8], plainSize: Int64, secret: SegmentSecret, entityTag: [UInt8]) throws {
        var request = Metainfo_MakeInlineSegmentRequest()
        request.streamID = streamID
        request.position = Metainfo_SegmentPosition(secret.position)
        request.encryptedKey = Data(secret.encryptedKey)
        request.encryptedKeyNonce = Data(secret.keyNonce.bytes)
        request.encryptedInlineData = Data(data)
        request.plainSize = plainSize
        request.encryptedETag = Data(try secret.encrypted(entityTag: entityTag))
        queue.append(request)
    }

    /// Opens a remote segment and starts sending it.
    ///
    /// - Parameter capacity: encrypted bytes that it may have at most.
    func beginSegment(at position: SegmentPosition, capacity: Int64, plane: DataPlane) async throws -> SegmentUpload {
        let secret = try secret(at: position)
        var request = Metainfo_BeginSegmentRequest()
        request.streamID = streamID
        request.position = Metainfo_SegmentPosition(position)
        request.maxOrderLimit = SegmentSecret.maximumEncryptedSize
        queue.append(request)
        let answer = try await send(address.subject(begin == nil ? .beginSegment : .beginObject))
            .last(to: Metainfo_BeginSegmentRequest.self)
        let assignment = try SegmentAssignment(answer)
        let buffer = try SegmentBuffer(
            scheme: assignment.scheme, blockSize: SegmentCipher.standardBlockSize, capacity: capacity,
            memory: plane.memory)
        let (metainfo, subject) = (metainfo, address.subject(.beginSegment))
        return SegmentUpload(
            secret: secret, buffer: buffer, segmentID: answer.segmentID, assignment: assignment,
            uploader: plane.uploader
        ) { segmentID, numbers in
            var request = Metainfo_RetryBeginSegmentPiecesRequest()
            request.segmentID = segmentID
            request.retryPieceNumbers = numbers.map { Int32($0) }
            let answer = try await metainfo.batched(request, subject)
            return (answer.segmentID, try SegmentAssignment.limits(answer.addressedLimits, assignment.scheme))
        }
    }

    /// Commits the object together with all that waits.
    func commit(_ request: Metainfo_CommitObjectRequest) async throws -> Metainfo_Object {
        var request = request
        request.streamID = streamID
        queue.append(request)
        let subject = address.subject(begin == nil ? .commitObject : .beginObject)
        let answer = try await send(subject).last(to: Metainfo_CommitObjectRequest.self)
        guard answer.hasObject else { throw UplinkError.badAnswer("it has no object", about: subject) }
        return answer.object
    }

    /// Sends what waits, for a part that is complete.
    func flush(_ operation: CallSubject.Operation) async throws {
        if !queue.isEmpty { _ = try await send(address.subject(operation)) }
    }

    /// Tells the satellite to forget the pending object, if it knows of it. Does not wait long for a silent one.
    func abort() async {
        guard !streamID.isEmpty else { return }
        let (metainfo, subject) = (metainfo, address.subject(.abortUpload))
        var request = Metainfo_BeginDeleteObjectRequest()
        request.bucket = address.bucketName
        request.encryptedObjectKey = address.encryptedKey
        request.status = 1
        request.streamID = streamID
        let question = request
        // Satellites drop forgotten uploads after a day, and the error that led here is the one to report.
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await metainfo.batched(question, subject) }
            group.addTask { try? await Task.sleep(for: Self.abortPatience) }
            await group.next()
            group.cancelAll()
        }
    }

    private func send(_ subject: CallSubject) async throws -> BatchAnswers {
        var requests = queue
        queue = []
        guard let begin else { return try await metainfo.batch(requests, subject) }
        requests.insert(begin, at: 0)
        let answers = try await metainfo.batch(requests, subject)
        self.begin = nil
        streamID = try answers.answer(to: Metainfo_BeginObjectRequest.self, at: 0).streamID
        guard !streamID.isEmpty else { throw UplinkError.badAnswer("it names no upload", about: subject) }
        return answers
    }
}

extension Metainfo_SegmentPosition {
    /// A position on the wire.
    init(_ position: SegmentPosition) {
        self.init()
        partNumber = position.part
        index = position.index
    }
}
