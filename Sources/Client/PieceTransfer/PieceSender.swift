internal import Blake3
internal import DRPC
internal import NIOCore
internal import Orders
internal import StorageModel
internal import Synchronization
internal import WireMessages

/// The hash of a piece, from the moment at which its last byte is sent: what the node's answer must repeat.
final class SentPiece: Sendable {
    private let state = Mutex<PieceHash?>(nil)

    /// The signed hash; nil while there is more to send.
    var hash: PieceHash? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

/// Sends one piece: orders, shares, and the hash at the end. Used by the upload's own task only.
final class PieceSender {
    /// Bytes of a limit that fit before the data of a message; real ones have half as many.
    static let maximumLimitSize = 800

    typealias Stream = RPCClientStream<PieceUploadRequest, PieceUploadResponse>

    let number: Int
    let attempt: Int
    private let limit: OrderLimit
    private let stream: Stream
    private let sent: SentPiece
    private let orders: OrderCache
    private let key: PieceKey
    private let settings: TransferSettings
    private var hasher = Blake3Hasher()
    /// Shares that are encoded and hashed but not sent, with room around them for a message.
    private var rows = CircularBuffer<ByteBuffer>(initialCapacity: 4)
    private var ordered: Int64 = 0
    private var step: Int64
    /// Windows encoded so far.
    private(set) var encodedCount = 0
    /// Messages sent so far.
    private(set) var messageCount = 0
    /// Bytes sent so far.
    private(set) var offset: Int64 = 0
    /// Whether everything is sent, or nothing more can be.
    private(set) var isDone = false
    /// Why nothing more can be sent, when the limit forbids it. What the node or the connection says reaches the task that
    /// waits for the answer.
    private(set) var failure: TransferError?

    init(
        number: Int, attempt: Int, limit: OrderLimit, stream: Stream, sent: SentPiece, orders: OrderCache,
        key: PieceKey, settings: TransferSettings
    ) {
        self.number = number
        self.attempt = attempt
        self.limit = limit
        self.stream = stream
        self.sent = sent
        self.orders = orders
        self.key = key
        self.settings = settings
        step = settings.firstOrder
    }

    /// How many windows wait to be sent.
    var waitingCount: Int { rows.count }

    /// Whether the connection takes another message now.
    var hasRoom: Bool { !isDone && stream.hasRoom }

    /// Whether the node is what the piece waits for.
    var isBlocked: Bool { isDone || !stream.hasRoom }

    /// Bytes around the shares of a window.
    static var rowOverhead: Int { Stream.headerRoom + PieceUploadRequest.prefixRoom + PieceUploadRequest.suffixRoom }

    /// Whether the node has taken nothing since the last tick although there is something for it.
    private(set) var isStuck = false
    private var lastMessageCount = -1

    /// Notes that time has passed.
    func tick() {
        isStuck = isBlocked && messageCount == lastMessageCount
        lastMessageCount = messageCount
    }

    /// A buffer for the shares of a window.
    static func makeRow(count: Int) -> ByteBuffer {
        let room = Stream.headerRoom + PieceUploadRequest.prefixRoom
        var buffer = ByteBuffer()
        buffer.reserveCapacity(room + count + PieceUploadRequest.suffixRoom)
        buffer.moveWriterIndex(to: room)
        buffer.moveReaderIndex(to: room)
        return buffer
    }

    /// Takes the shares of the next window: hashes them, to be sent later.
    func append(_ row: ByteBuffer) {
        row.withUnsafeReadableBytes { hasher.update($0) }
        rows.append(row)
        encodedCount += 1
    }

    /// Sends what waits, as far as there is room.
    ///
    /// - Parameters:
    ///   - windowCount: windows of the whole piece; nil while nobody knows.
    ///   - pieceSize: bytes of the whole piece; nil while nobody knows.
    /// - Returns: whether anything was sent.
    func send(windowCount: Int?, pieceSize: Int64?) -> Bool {
        var hasSent = false
        while hasRoom, var row = rows.popFirst() {
            let isLast = rows.isEmpty && encodedCount == windowCount
            do {
                try send(&row, isLast: isLast, pieceSize: pieceSize)
            } catch {
                isDone = true
                failure = error as? TransferError
            }
            hasSent = true
        }
        return hasSent
    }

    private func send(_ message: inout ByteBuffer, isLast: Bool, pieceSize: Int64?) throws {
        let start = offset
        offset += Int64(message.readableBytes)
        let order = try nextOrder(pieceSize: pieceSize)
        var done: PieceHash?
        if isLast {
            done = key.sign(
                PieceHash(
                    pieceID: limit.pieceID, hash: hasher.finalize().bytes, pieceSize: offset,
                    timestamp: limit.orderCreation, hashAlgorithm: .blake3))
            sent.hash = done
            isDone = true
        }
        let isFirst = messageCount == 0
        PieceUploadRequest.wrap(
            &message, offset: start, limit: isFirst ? limit : nil, order: order, done: done,
            hashAlgorithm: isFirst ? .blake3 : .sha256)
        messageCount += 1
        try stream.sendNow(encoded: &message, isLast: isLast)
    }

    /// An order when the credit does not cover what is sent next.
    ///
    /// - Source: protocol document 3 §2.1.
    private func nextOrder(pieceSize: Int64?) throws -> Order? {
        guard offset > ordered else { return nil }
        guard offset <= limit.limit else { throw TransferError.malformedOffer("an order limit is too small") }
        ordered = min(max(ordered + step, offset), limit.limit, pieceSize ?? .max)
        step = min(step + step / 2, settings.maximumOrderStep)
        return orders.order(amount: ordered)
    }
}
