import StorageModel

/// One fact of the index, 64 bytes in memory and on the disk.
///
/// ```
/// piece(32) log(4) offset/64(4) content size(4) trailer size/64(2) kind(1) revision(1)
/// created(4) expires(4) trashed(4) crc(4)
/// ```
/// Times are seconds since 1970; zero means never. The latest record of a piece holds.
struct IndexRecord: Hashable {
    /// What a record says.
    enum Kind: UInt8 {
        /// The piece is there, live or in the trash.
        case piece = 1
        /// The piece is gone.
        case removed = 2
        /// The log is indexed up to `end`, whatever pieces it holds.
        case logEnd = 3
        /// The log was deleted on purpose.
        case logDropped = 4
    }

    /// The piece; all zero in records about logs.
    var pieceID = PieceID()
    /// The log.
    var log: UInt32
    /// Where the content starts, in units of 64 bytes; for `logEnd` where the log ends.
    var offsetUnits: UInt32 = 0
    /// Bytes of content.
    var contentSize: UInt32 = 0
    /// Size of the trailer in units of 64 bytes.
    var trailerUnits: UInt16 = 0
    /// What the record says.
    var kind: Kind
    /// Counts the changes of one entry, so that superseded records of it differ from the one that holds.
    var revision: UInt8 = 0
    /// When the piece was committed, rounded up, so that garbage collection errs towards keeping.
    var created: UInt32 = 0
    /// When the piece expires, rounded up.
    var expires: UInt32 = 0
    /// When the piece was put in the trash.
    var trashed: UInt32 = 0

    /// Bytes of a record.
    static let size = 64

    /// A record about a log.
    init(kind: Kind, log: UInt32, end: Int64 = 0) {
        self.kind = kind
        self.log = log
        offsetUnits = UInt32(clamping: end / LogFormat.unit)
    }

    /// The record of a piece whose content starts at `offset`.
    init(piece: StoredPiece, trailerSize: Int, log: UInt32, offset: Int64) {
        kind = .piece
        pieceID = piece.pieceID
        self.log = log
        offsetUnits = UInt32(offset / LogFormat.unit)
        contentSize = UInt32(piece.size)
        trailerUnits = UInt16(trailerSize / Int(LogFormat.unit))
        created = piece.created.roundedUpSeconds
        expires = piece.proof.expires.map { max(1, $0.roundedUpSeconds) } ?? 0
    }

    /// The same piece, said to be gone.
    var removal: IndexRecord {
        var record = self
        record.kind = .removed
        return record
    }

    /// The same entry, in the trash since then, or live again for zero.
    func withTrashed(_ seconds: UInt32) -> IndexRecord {
        var record = self
        record.trashed = seconds
        record.revision &+= 1
        return record
    }

    /// Whether the piece is in the trash.
    var isTrashed: Bool { trashed != 0 }
    /// Where the content starts.
    var offset: Int64 { Int64(offsetUnits) * LogFormat.unit }
    /// Where the trailer starts.
    var trailerOffset: Int64 { offset + LogFormat.aligned(Int64(contentSize)) }
    /// Bytes of the trailer.
    var trailerSize: Int { Int(trailerUnits) * Int(LogFormat.unit) }
    /// Where the entry, or for `logEnd` the log, ends.
    var end: Int64 { kind == .logEnd ? offset : trailerOffset + Int64(trailerSize) }
    /// Bytes of the whole entry.
    var entrySize: Int64 { end - offset }

    /// Whether both speak of the same bytes.
    func isSameEntry(as other: IndexRecord) -> Bool { log == other.log && offsetUnits == other.offsetUnits }

    /// Writes the 64 bytes of the disk to the start of `bytes`.
    func encode(into bytes: UnsafeMutableRawBufferPointer) {
        for (index, word) in pieceID.storage.words.enumerated() {
            bytes.storeBytes(of: word.bigEndian, toByteOffset: index * 8, as: UInt64.self)
        }
        for (index, number) in [log, offsetUnits, contentSize].enumerated() {
            bytes.storeBytes(of: number.littleEndian, toByteOffset: 32 + index * 4, as: UInt32.self)
        }
        bytes.storeBytes(of: trailerUnits.littleEndian, toByteOffset: 44, as: UInt16.self)
        bytes[46] = kind.rawValue
        bytes[47] = revision
        for (index, number) in [created, expires, trashed].enumerated() {
            bytes.storeBytes(of: number.littleEndian, toByteOffset: 48 + index * 4, as: UInt32.self)
        }
        let checksum = CRC32.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<60]))
        bytes.storeBytes(of: checksum.littleEndian, toByteOffset: 60, as: UInt32.self)
    }

    /// Parses the first 64 bytes; nil when they are not a whole record.
    init?(parsing bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.size, let kind = Kind(rawValue: bytes[46]) else { return nil }
        let number = { (offset: Int) in
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        guard number(60) == CRC32.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<60])) else { return nil }
        pieceID = PieceID(storage: Bytes32(loading: UnsafeRawBufferPointer(rebasing: bytes[..<32])))
        log = number(32)
        offsetUnits = number(36)
        contentSize = number(40)
        trailerUnits = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 44, as: UInt16.self))
        self.kind = kind
        revision = bytes[47]
        created = number(48)
        expires = number(52)
        trashed = number(56)
    }
}

extension Timestamp {
    /// Seconds since 1970, rounded up and held inside `0...UInt32.max`.
    var roundedUpSeconds: UInt32 {
        UInt32(clamping: nanoseconds > 0 ? seconds + 1 : seconds)
    }

    /// Seconds since 1970, rounded down and held inside `0...UInt32.max`.
    var roundedDownSeconds: UInt32 { UInt32(clamping: seconds) }
}
