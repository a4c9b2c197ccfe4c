import StorageModel

/// Reads the lines of a log one after the other, and checks that each belongs to the one before.
struct LogReader {
    /// A line as it stands in the file.
    struct Frame {
        /// Where it begins.
        let offset: UInt64
        let content: [UInt8]
        let hash: Bytes32
        /// The hash of the line before.
        let previous: Bytes32

        var end: UInt64 { offset + UInt64(content.count + LedgerLine.frameByteCount) }
    }

    private static let readByteCount = 1 << 20

    private let read: (_ offset: UInt64, _ count: Int) async throws -> [UInt8]
    private var buffer: ArraySlice<UInt8> = []
    /// Where the buffer begins in the file: the next line's place.
    private(set) var offset: UInt64 = 0
    private var hash = Bytes32()
    /// Whether the file goes on with what is no line, or a line of another log. Otherwise it ends, maybe within a line.
    private(set) var isBroken = false

    /// A reader from the beginning.
    init(_ read: @escaping (_ offset: UInt64, _ count: Int) async throws -> [UInt8]) { self.read = read }

    /// The next line; nil at the end, and where the file goes on with anything but a line: `offset` says where.
    mutating func next() async throws -> Frame? {
        guard try await fill(4) else { return nil }
        let count = buffer.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        isBroken = !(1...LedgerLine.maximumByteCount).contains(count)
        guard !isBroken, try await fill(count + LedgerLine.frameByteCount) else { return nil }
        let start = buffer.startIndex + 4
        let content = Array(buffer[start..<start + count])
        let expected = LedgerLine.hash(content, after: hash)
        let end = start + count + Bytes32.byteCount
        isBroken = Bytes32(buffer[start + count..<end]) != expected
        guard !isBroken else { return nil }
        let frame = Frame(offset: offset, content: content, hash: expected, previous: hash)
        buffer = buffer[end...]
        offset = frame.end
        hash = expected
        return frame
    }

    /// Whether so many bytes are there.
    private mutating func fill(_ count: Int) async throws -> Bool {
        while buffer.count < count {
            let more = try await read(offset + UInt64(buffer.count), max(Self.readByteCount, count - buffer.count))
            if more.isEmpty { return false }
            buffer = Array(buffer)[...] + more
        }
        return true
    }
}
