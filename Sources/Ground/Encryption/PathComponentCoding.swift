/// Bytes written so that they contain neither 00, 2f nor ff and never look empty: one component of an encrypted path.
///
/// - Source: protocol document 1 §6.3.
enum PathComponentCoding {
    private static let emptyMarker: UInt8 = 1
    private static let marker: UInt8 = 2

    /// Encodes any bytes.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.isEmpty { return [emptyMarker] }
        var encoded = [marker]
        encoded.reserveCapacity(bytes.count + bytes.count / 16 + 8)
        for byte in bytes {
            switch byte {
            case 0x2e: encoded += [0x2e, 1]
            case 0x2f: encoded += [0x2e, 2]
            case 0xfe: encoded += [0xfe, 1]
            case 0xff: encoded += [0xfe, 2]
            case 0x00: encoded += [0x01, 1]
            case 0x01: encoded += [0x01, 2]
            default: encoded.append(byte)
            }
        }
        return encoded
    }

    /// Decodes what `encode` writes and nothing else.
    ///
    /// - Throws: `.badPathComponent`.
    static func decode(_ encoded: some Collection<UInt8>) throws(EncryptionError) -> [UInt8] {
        guard let first = encoded.first else { throw .badPathComponent }
        if first == emptyMarker, encoded.count == 1 { return [] }
        guard first == marker, encoded.count > 1 else { throw .badPathComponent }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(encoded.count)
        var escape: UInt8?
        for byte in encoded.dropFirst() {
            if let pending = escape {
                guard byte == 1 || byte == 2 else { throw .badPathComponent }
                bytes.append(unescape(pending, byte))
                escape = nil
                continue
            }
            switch byte {
            case 0x2e, 0xfe, 0x01: escape = byte
            case 0x00, 0x2f, 0xff: throw .badPathComponent
            default: bytes.append(byte)
            }
        }
        guard escape == nil else { throw .badPathComponent }
        return bytes
    }

    private static func unescape(_ escape: UInt8, _ byte: UInt8) -> UInt8 {
        // 2e and fe stand for themselves and their successors; 01 stands for its predecessor and itself.
        escape == 0x01 ? byte - 1 : escape + (byte - 1)
    }
}
