
/// The layout of a log: a header, then entries; every boundary lies on a multiple of 64 bytes.
///
/// ```
/// log    = header(64) entry*
/// header = magic(8) version(4) id(4) day(4) zero(4) key(32) crc(4) zero(4)
/// entry  = content zero* trailer
/// ```
/// An entry is read from its end, which is why a log can be walked backwards, and why a large piece can be written
/// before its size is known. The key is random: an uploader who could forge trailers inside a piece's content would
/// otherwise have them found by the search through a damaged log.
enum LogFormat {
    /// The alignment of all boundaries, in bytes.
    static let unit: Int64 = 64
    /// Bytes of the header.
    static let headerSize = 64
    /// Bytes of the key that authenticates trailers.
    static let keySize = 32

    private static let magic: [UInt8] = Array("STORJLG1".utf8)
    private static let version: UInt32 = 1

    /// The next boundary at or after `size`.
    static func aligned(_ size: Int64) -> Int64 { (size + unit - 1) / unit * unit }

    /// The header of a log.
    static func header(id: UInt32, day: UInt32, key: [UInt8]) -> [UInt8] {
        var bytes = ByteWriter()
        bytes.append(magic)
        bytes.append(version)
        bytes.append(id)
        bytes.append(day)
        bytes.append(UInt32(0))
        bytes.append(key)
        bytes.append(CRC32.checksum(bytes.bytes))
        bytes.append(UInt32(0))
        return bytes.bytes
    }

    /// The key in a header; nil when these are not the header of that log.
    static func key(inHeader header: [UInt8], id: UInt32, day: UInt32) -> [UInt8]? {
        guard header.count == headerSize else { return nil }
        let key = Array(header[24..<56])
        return header == self.header(id: id, day: day, key: key) ? key : nil
    }

    /// The name of a log's file.
    static func name(id: UInt32, day: UInt32) -> String { "log-\(hexadecimal(id))-\(hexadecimal(day))" }

    /// The id and day in a file's name; nil for the name of something else.
    static func parse(name: String) -> (id: UInt32, day: UInt32)? {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "log", let id = UInt32(parts[1], radix: 16),
            let day = UInt32(parts[2], radix: 16), self.name(id: id, day: day) == name
        else { return nil }
        return (id, day)
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// Builds little-endian bytes.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ more: some Sequence<UInt8>) {
        bytes.append(contentsOf: more)
    }

    /// Adds zeros up to a multiple of `multiple` bytes.
    mutating func pad(toMultipleOf multiple: Int) {
        let rest = bytes.count % multiple
        if rest != 0 { bytes.append(contentsOf: repeatElement(0, count: multiple - rest)) }
    }
}

/// Reads little-endian bytes; reading past the end answers zero and is remembered.
struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    /// True once more was asked for than there is.
    private(set) var isExhausted = false

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value {
        take(MemoryLayout<Value>.size).reversed().reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8> {
        guard count >= 0, bytes.endIndex - position >= count else {
            isExhausted = true
            return ArraySlice(repeatElement(0, count: max(0, min(count, 64))))
        }
        defer { position += count }
        return bytes[position..<position + count]
    }
}
