internal import Encryption
internal import Foundation
internal import PieceTransfer
internal import StorageModel
internal import Synchronization
internal import WireMessages

/// One remote segment on its way: its pieces leave in a task of its own while it is still being written.
final class SegmentUpload: Sendable {
    /// Where the task leaves what it found.
    private final class Desk: Sendable {
        struct State {
            /// The satellite's name of the segment; an exchange of nodes brings a new one.
            var segmentID: Data
            var outcome: Result<[UploadedPiece], any Error>?
        }

        let state: Mutex<State>

        init(segmentID: Data) { state = Mutex(State(segmentID: segmentID)) }
    }

    /// The segment's key.
    let secret: SegmentSecret
    /// Takes the encrypted bytes.
    let buffer: SegmentBuffer
    private let desk: Desk
    private let task: Task<Void, Never>
    private let plainSize = Mutex<Int64?>(nil)

    /// Starts sending.
    ///
    /// - Parameter exchange: asks the satellite for new nodes in the place of those of failed pieces.
    init(
        secret: SegmentSecret, buffer: SegmentBuffer, segmentID: Data, assignment: SegmentAssignment,
        uploader: PieceUploader,
        exchange: @escaping @Sendable (Data, [Int]) async throws -> (segmentID: Data, limits: [AddressedLimit?])
    ) {
        self.secret = secret
        self.buffer = buffer
        let desk = Desk(segmentID: segmentID)
        self.desk = desk
        task = Task {
            let outcome: Result<[UploadedPiece], any Error>
            do {
                let pieces = try await uploader.upload(buffer, assignment: assignment) { numbers in
                    let answer = try await exchange(desk.state.withLock { $0.segmentID }, numbers)
                    desk.state.withLock { $0.segmentID = answer.segmentID }
                    var next = assignment
                    next.limits = answer.limits
                    return next
                }
                outcome = .success(pieces)
            } catch {
                outcome = .failure(error)
                // Whoever writes must not wait for memory that nobody will free.
                buffer.fail(error)
            }
            desk.state.withLock { $0.outcome = outcome }
        }
    }

    deinit { task.cancel() }

    /// Says that everything is written.
    ///
    /// - Parameter size: bytes of plain content.
    func finish(plainSize size: Int64) {
        plainSize.withLock { $0 = size }
        buffer.finish()
    }

    /// Whether the segment is over, well or not.
    var isOver: Bool { desk.state.withLock { $0.outcome != nil } }

    /// Fails when the segment has.
    ///
    /// - Throws: as `commit()`.
    func check() throws {
        if case .failure(let error)? = desk.state.withLock({ $0.outcome }) { throw error }
    }

    /// Waits until enough nodes keep their pieces; `finish` has been called.
    ///
    /// - Parameter entityTag: attached to the segment; empty for none.
    /// - Returns: what tells the satellite.
    /// - Throws: `TransferError`, `UplinkError` of an exchange, `CancellationError`.
    func commit(entityTag: [UInt8] = []) async throws -> Metainfo_CommitSegmentRequest {
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        let (segmentID, outcome) = desk.state.withLock { ($0.segmentID, $0.outcome) }
        guard let pieces = try outcome?.get(), let size = plainSize.withLock({ $0 }) else { throw CancellationError() }
        var request = Metainfo_CommitSegmentRequest()
        request.segmentID = segmentID
        request.encryptedKey = Data(secret.encryptedKey)
        request.encryptedKeyNonce = Data(secret.keyNonce.bytes)
        request.plainSize = size
        request.encryptedETag = Data(try secret.encrypted(entityTag: entityTag))
        request.sizeEncryptedData = buffer.encryptedSize
        request.uploadResult = pieces.map { piece in
            var result = Metainfo_SegmentPieceUploadResult()
            result.pieceNum = Int32(piece.number)
            result.nodeID = Data(piece.node.bytes)
            result.hash = Data(piece.hash.encoded)
            return result
        }
        return request
    }

    /// Gives up and waits until nothing moves any more.
    func abandon() async {
        task.cancel()
        await task.value
    }
}
