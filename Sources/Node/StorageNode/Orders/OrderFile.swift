import NIOCore
import StorageModel
import WireMessages

/// The form of a file of orders: a header, then entries, each with marks and a checksum of its own.
///
/// A torn or damaged entry costs only itself: reading goes on at the next mark. Existing nodes use the same form, so
/// their unsent orders are sent by ours.
///
///     header: magic(8) ‖ satellite(32) ‖ hour in ns, little endian(8)
///     entry:  mark(8) ‖ length u16 LE ‖ limit ‖ length u16 LE ‖ order ‖ CRC-32 u32 LE of both with lengths ‖ mark(8)
///
/// - Source: protocol document 3 §4.1.
enum OrderFile {
    static let magic: [UInt8] = [0x0d, 0xdb, 0xa1, 0x1a, 0xcc, 0x01, 0xad, 0xe5]
    static let entryStart: [UInt8] = [0x5c, 0xa1, 0xab, 0x1e, 0xba, 0x5e, 0xba, 0x11]
    static let entryEnd: [UInt8] = [0xfe, 0xed, 0x1f, 0x00, 0xd1, 0xc0, 0xff, 0xee]
    /// Bytes of the header.
    static let headerSize = 48

    /// The header of a window's file.
    static func header(_ window: OrderWindow) -> [UInt8] {
        magic + window.satellite.bytes + littleEndian(UInt64(bitPattern: window.nanoseconds), 8)
    }

    /// An entry.
    ///
    /// - Throws: `OrderStoreError.orderTooLong`.
    static func entry(_ limit: OrderLimit, _ order: Order) throws(OrderStoreError) -> [UInt8] {
        guard limit.encoded.count <= UInt16.max, order.encoded.count <= UInt16.max else { throw .orderTooLong }
        let body =
            littleEndian(UInt64(limit.encoded.count), 2) + limit.encoded + littleEndian(UInt64(order.encoded.count), 2)
            + order.encoded
        return entryStart + body + littleEndian(UInt64(CRC32.checksum(body)), 4) + entryEnd
    }

    /// The lowest `count` bytes of a number.
    static func littleEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
    }
}

/// Finds the whole entries in the bytes of a file, block by block.
struct OrderFileParser {
    private var bytes: [UInt8] = []
    private var position = 0
    /// Bytes that were no entry, the header not counted.
    private(set) var damagedBytes = 0
    private var isAtStart = true

    /// Adds the next block of the file.
    mutating func append(_ block: [UInt8]) {
        bytes.removeFirst(position)
        position = 0
        bytes += block
        if isAtStart, bytes.starts(with: OrderFile.magic), bytes.count >= OrderFile.headerSize {
            position = OrderFile.headerSize
        }
        isAtStart = false
    }

    /// The next whole entry; nil when more bytes are needed, or when the file has ended.
    ///
    /// - Parameter atEnd: whether no more bytes will come; then an entry that is cut off is passed over.
    mutating func next(atEnd: Bool) -> SettlementRequest? {
        while position < bytes.count {
            switch entry(at: position) {
            case .found(let request, let end):
                position = end
                return request
            case .cutOff where !atEnd: return nil
            case .cutOff, .damaged:
                position += 1
                damagedBytes += 1
            }
        }
        return nil
    }

    private enum Outcome {
        case found(SettlementRequest, end: Int)
        case cutOff
        case damaged
    }

    private func entry(at start: Int) -> Outcome {
        var cursor = start
        guard let mark = take(8, &cursor) else {
            return OrderFile.entryStart.starts(with: bytes[start...]) ? .cutOff : .damaged
        }
        guard mark.elementsEqual(OrderFile.entryStart) else { return .damaged }
        let bodyStart = cursor
        guard let limit = takeCounted(&cursor), let order = takeCounted(&cursor) else { return .cutOff }
        let body = bytes[bodyStart..<cursor]
        guard let checksum = take(4, &cursor), let end = take(8, &cursor) else { return .cutOff }
        guard end.elementsEqual(OrderFile.entryEnd),
            checksum.elementsEqual(OrderFile.littleEndian(UInt64(CRC32.checksum(body)), 4)),
            let limit = try? OrderLimit.parse(limit), let order = try? Order.parse(order)
        else { return .damaged }
        return .found(SettlementRequest(limit: limit, order: order), end: cursor)
    }

    private func takeCounted(_ cursor: inout Int) -> ArraySlice<UInt8>? {
        guard let length = take(2, &cursor) else { return nil }
        return take(Int(length[length.startIndex]) | Int(length[length.startIndex + 1]) << 8, &cursor)
    }

    private func take(_ count: Int, _ cursor: inout Int) -> ArraySlice<UInt8>? {
        guard bytes.count - cursor >= count else { return nil }
        defer { cursor += count }
        return bytes[cursor..<cursor + count]
    }
}
