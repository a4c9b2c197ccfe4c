/// Reads the packets of a serialized macaroon: field number, length, data.
///
/// - Source: protocol document 1 §4.2.
struct PacketReader {
    /// One packet; the end of a section is a packet with field 0 and no data.
    struct Packet {
        let field: Int
        let data: [UInt8]
    }

    /// The greatest number the format allows in a varint.
    private static let maximumNumber: UInt64 = 0x7fff_ffff

    private let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The next byte; nil at the end.
    mutating func nextByte() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    /// The packets up to the end of the section, their fields in increasing order.
    mutating func section() throws(APIKeyError) -> [Packet] {
        var packets: [Packet] = []
        while true {
            let packet = try packet()
            if packet.field == 0 { return packets }
            if let last = packets.last, last.field >= packet.field { throw .malformed("fields out of order") }
            packets.append(packet)
        }
    }

    /// The next packet.
    mutating func packet() throws(APIKeyError) -> Packet {
        let field = try number()
        if field == 0 { return Packet(field: 0, data: []) }
        let length = try number()
        guard length <= bytes.count - position else { throw .malformed("out of bounds") }
        defer { position += length }
        return Packet(field: field, data: Array(bytes[position..<position + length]))
    }

    private mutating func number() throws(APIKeyError) -> Int {
        var value: UInt64 = 0
        for shift in stride(from: 0 as UInt64, through: 63, by: 7) {
            guard let byte = nextByte() else { throw .malformed("out of bounds") }
            if shift == 63, byte > 1 { throw .malformed("number too large") }
            value |= UInt64(byte & 127) << shift
            if byte < 128 {
                guard value <= Self.maximumNumber else { throw .malformed("number too large") }
                return Int(value)
            }
        }
        throw .malformed("number too large")
    }
}
