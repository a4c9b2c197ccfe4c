import NIOCore
import StorageModel

/// What one node has sent of its piece and is not delivered yet.
struct PieceIntake {
    /// How it stands.
    enum Status {
        case running
        /// All bytes have arrived.
        case complete
        /// Nothing more comes, and what came is not used.
        case failed
    }

    let offer: PieceOffer
    /// Where its bytes begin, relative to the range; a share's beginning.
    let start: Int64
    let startTime: Timestamp
    var status = Status.running
    /// The end of its bytes, relative to the range: everything from `start` to here has arrived.
    private(set) var received: Int64
    /// When it last sent something.
    var lastProgress: Timestamp
    /// Another piece has been asked for in its stead; what it sends is used all the same.
    var isSuspect = false
    /// It is stopped because it is far enough ahead.
    var isHeld = false
    /// Since when every check has found everybody waiting for this piece.
    var lateSince: Timestamp?
    /// The bytes from the delivered position (or `start`) to `received`.
    private var queue = CircularBuffer<ByteBuffer>(initialCapacity: 4)

    /// Smaller messages are copied behind each other, so that many tiny ones cost no more than their bytes.
    private static let mergeSize = 4 << 10

    init(offer: PieceOffer, start: Int64, now: Timestamp) {
        self.offer = offer
        self.start = start
        received = start
        startTime = now
        lastProgress = now
    }

    /// Whether it counts on the way to k pieces.
    var isHealthy: Bool { status != .failed && !isSuspect }

    /// Adds bytes at `received`; those before `position` have been delivered from other pieces and are dropped.
    mutating func append(_ data: ByteBuffer, position: Int64) {
        var data = data
        let late = min(max(position - received, 0), Int64(data.readableBytes))
        received += Int64(data.readableBytes)
        data.moveReaderIndex(forwardBy: Int(late))
        guard data.readableBytes > 0 else { return }
        if data.readableBytes < Self.mergeSize, let last = queue.indices.last,
            queue[last].readableBytes < Self.mergeSize
        {
            queue[last].writeImmutableBuffer(data)
        } else {
            queue.append(data)
        }
    }

    /// The next bytes that lie together, at least `minimum`.
    ///
    /// - Parameter minimum: at most what is queued.
    mutating func head(minimum: Int) -> ByteBuffer {
        precondition(!queue.isEmpty, "only pieces with bytes are asked for them")
        if queue[queue.startIndex].readableBytes < minimum { joinHead(minimum) }
        return queue[queue.startIndex]
    }

    /// Copies the first `count` bytes together where a share lies across messages.
    private mutating func joinHead(_ count: Int) {
        var joined = ByteBuffer()
        joined.reserveCapacity(count)
        while joined.readableBytes < count, var next = queue.popFirst() {
            if var part = next.readSlice(length: min(count - joined.readableBytes, next.readableBytes)) {
                joined.writeBuffer(&part)
            }
            if next.readableBytes > 0 { queue.prepend(next) }
        }
        queue.prepend(joined)
    }

    /// Drops the first `count` bytes, or all when there are fewer.
    mutating func drop(_ count: Int) {
        var rest = count
        while rest > 0, let first = queue.first {
            let taken = min(rest, first.readableBytes)
            rest -= taken
            if taken == first.readableBytes {
                queue.removeFirst()
            } else {
                queue[queue.startIndex].moveReaderIndex(forwardBy: taken)
            }
        }
    }

    /// Forgets its bytes.
    mutating func fail() {
        status = .failed
        queue.removeAll()
    }
}
