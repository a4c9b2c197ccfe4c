import NIOCore
import StorageModel

/// Walks over the fields of one encoded message without copying them.
///
/// Strict: a length beyond the end, an integer of more than 64 bits, a group or an illegal tag is an error that
/// names the field.
struct FieldReader {
    /// How a field is encoded.
    enum Encoding: UInt8 {
        case varint = 0
        case fixed64 = 1
        case bytes = 2
        case fixed32 = 5
    }

    /// What stands before each field.
    struct Tag {
        /// In `1..<2^29`.
        let number: UInt64
        let encoding: Encoding
        /// Where the tag began.
        let start: Int
    }

    private var buffer: ByteBuffer
    private let whole: ByteBuffer
    private let message: StaticString

    /// A reader over a whole message, called `message` in errors.
    init(_ buffer: ByteBuffer, message: StaticString) {
        self.buffer = buffer
        whole = buffer
        self.message = message
    }

    /// What has not been read yet.
    var rest: ByteBuffer { buffer }

    /// The next field's tag; nil at the end.
    mutating func next() throws(WireMessageError) -> Tag? {
        let start = buffer.readerIndex
        guard buffer.readableBytes > 0 else { return nil }
        let value = try rawVarint("tag")
        let number = value >> 3
        guard (1..<1 << 29).contains(number), let encoding = Encoding(rawValue: UInt8(value & 7)) else {
            throw error("tag", .badTag)
        }
        return Tag(number: number, encoding: encoding, start: start)
    }

    /// An integer field.
    mutating func varint(_ tag: Tag, _ field: StaticString) throws(WireMessageError) -> UInt64 {
        guard tag.encoding == .varint else { throw error(field, .wrongEncoding) }
        return try rawVarint(field)
    }

    /// The bytes of a field, sharing the message's storage.
    mutating func bytes(_ tag: Tag, _ field: StaticString) throws(WireMessageError) -> ByteBuffer {
        guard tag.encoding == .bytes else { throw error(field, .wrongEncoding) }
        let length = try rawVarint(field)
        guard length <= UInt64(buffer.readableBytes), let slice = buffer.readSlice(length: Int(length)) else {
            throw error(field, .truncated)
        }
        return slice
    }

    /// The bytes of a short field, copied.
    mutating func array(_ tag: Tag, _ field: StaticString) throws(WireMessageError) -> [UInt8] {
        Array(try bytes(tag, field).readableBytesView)
    }

    /// An id of fixed length; any other length is an error, also 0.
    mutating func id<ID: FixedBytesID>(_ tag: Tag, _ field: StaticString) throws(WireMessageError) -> ID {
        let bytes = try bytes(tag, field)
        guard let id = ID(bytes.readableBytesView) else { throw error(field, .wrongLength(bytes.readableBytes)) }
        return id
    }

    /// A moment; nil for the year-1 value that means "not set".
    mutating func timestamp(_ tag: Tag, _ field: StaticString) throws(WireMessageError) -> Timestamp? {
        var inner = FieldReader(try bytes(tag, field), message: "timestamp")
        var seconds: Int64 = 0
        var nanoseconds: Int32 = 0
        while let tag = try inner.next() {
            switch tag.number {
            case 1: seconds = Int64(bitPattern: try inner.varint(tag, "seconds"))
            case 2: nanoseconds = Int32(truncatingIfNeeded: try inner.varint(tag, "nanos"))
            default: _ = try inner.skip(tag)
            }
        }
        guard let timestamp = Timestamp(seconds: seconds, nanoseconds: nanoseconds) else {
            throw error(field, .timeOutOfRange)
        }
        return timestamp.isUnset ? nil : timestamp
    }

    /// Passes over a field that is not known; gives its bytes, tag included.
    mutating func skip(_ tag: Tag) throws(WireMessageError) -> ByteBuffer {
        switch tag.encoding {
        case .varint: _ = try rawVarint("unknown field")
        case .fixed64: try skip(count: 8)
        case .fixed32: try skip(count: 4)
        case .bytes: _ = try bytes(tag, "unknown field")
        }
        // The buffer's own accessors refuse what has been read already.
        guard let field = whole.getSlice(at: tag.start, length: buffer.readerIndex - tag.start) else {
            preconditionFailure("a field that was read lies inside its message")
        }
        return field
    }

    /// An error about a field of this message.
    func error(_ field: StaticString, _ problem: WireMessageError.Problem) -> WireMessageError {
        WireMessageError(field: "\(message).\(field)", problem: problem)
    }

    private mutating func skip(count: Int) throws(WireMessageError) {
        guard buffer.readableBytes >= count else { throw error("unknown field", .truncated) }
        buffer.moveReaderIndex(forwardBy: count)
    }

    private mutating func rawVarint(_ field: StaticString) throws(WireMessageError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte: UInt8 = buffer.readInteger() else { throw error(field, .truncated) }
            if shift == 63, byte > 1 { throw error(field, .badVarint) }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw error(field, .badVarint)
    }
}
