import StorageModel

/// How far the log was on the disk when the mark was written: a small file beside the log, so that a torn end can be
/// told from a log that has lost lines somebody was promised.
///
/// It is written after the log and may be older, never newer.
struct DurableMark: Hashable, Sendable {
    /// Bytes of the log.
    var byteCount: UInt64
    /// Lines of the log.
    var lineCount: UInt64
    /// The hash of the last of them.
    var head: Bytes32

    static let byteCount = 56

    init(byteCount: UInt64, lineCount: UInt64, head: Bytes32) {
        self.byteCount = byteCount
        self.lineCount = lineCount
        self.head = head
    }

    var encoded: [UInt8] { body + LedgerBlock.hash(body).bytes.prefix(8) }

    /// Nil for bytes that are no mark, as a crash may leave them.
    init?(encoded bytes: [UInt8]) {
        guard bytes.count == Self.byteCount, let head = Bytes32(bytes[16..<48]) else { return nil }
        self.init(byteCount: Self.number(bytes[0..<8]), lineCount: Self.number(bytes[8..<16]), head: head)
        guard encoded == bytes else { return nil }
    }

    private var body: [UInt8] {
        Self.bytes(byteCount) + Self.bytes(lineCount) + head.bytes
    }

    private static func bytes(_ number: UInt64) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
