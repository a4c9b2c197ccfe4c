import Crypto

/// Base58 with a version byte and a checksum: the text form of node ids, API keys and access grants.
///
/// - Source: protocol document 1 §1.3 (Bitcoin's base58check).
package enum Base58Check {
    /// The longest text that is decoded; the conversion is quadratic, so a peer's text is bounded.
    package static let maximumTextLength = 16 * 1024

    private static let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    /// Encodes `version ‖ payload ‖ checksum`.
    package static func encode(version: UInt8, payload: [UInt8]) -> String {
        let body = [version] + payload
        return encode(body + checksum(body))
    }

    /// Decodes and verifies a text; nil when it has a foreign character, is too short or fails its checksum.
    package static func decode(_ text: String) -> (version: UInt8, payload: [UInt8])? {
        guard let bytes = decode(base58: text), bytes.count >= 5 else { return nil }
        let body = Array(bytes.dropLast(4))
        guard checksum(body) == Array(bytes.suffix(4)) else { return nil }
        return (body[0], Array(body.dropFirst()))
    }

    private static func checksum(_ body: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: Array(SHA256.hash(data: body))).prefix(4))
    }

    /// Plain base58 without checksum.
    package static func encode(_ bytes: [UInt8]) -> String {
        let zeros = bytes.prefix { $0 == 0 }.count
        // Little-endian digits in base 58⁵, which keeps the inner product inside 64 bits.
        let radix: UInt64 = 656_356_768
        var limbs: [UInt32] = []
        for byte in bytes.dropFirst(zeros) {
            var carry = UInt64(byte)
            for index in limbs.indices {
                carry += UInt64(limbs[index]) << 8
                limbs[index] = UInt32(carry % radix)
                carry /= radix
            }
            if carry > 0 { limbs.append(UInt32(carry)) }
        }
        var digits: [UInt8] = []
        for limb in limbs {
            var rest = limb
            for _ in 0..<5 {
                digits.append(UInt8(rest % 58))
                rest /= 58
            }
        }
        while digits.last == 0 { digits.removeLast() }
        let text = [UInt8](repeating: alphabet[0], count: zeros) + digits.reversed().map { alphabet[Int($0)] }
        return String(decoding: text, as: UTF8.self)
    }

    /// Plain base58 without checksum; nil for a foreign character or an overlong text.
    package static func decode(base58 text: String) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count <= maximumTextLength else { return nil }
        let zeros = characters.prefix { $0 == alphabet[0] }.count
        var limbs: [UInt32] = []
        for character in characters.dropFirst(zeros) {
            let value = values[Int(character)]
            guard value != 255 else { return nil }
            var carry = UInt64(value)
            for index in limbs.indices {
                carry += UInt64(limbs[index]) * 58
                limbs[index] = UInt32(truncatingIfNeeded: carry)
                carry >>= 32
            }
            if carry > 0 { limbs.append(UInt32(carry)) }
        }
        var bytes: [UInt8] = []
        for limb in limbs {
            for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: limb >> UInt32(shift))) }
        }
        while bytes.last == 0 { bytes.removeLast() }
        return [UInt8](repeating: 0, count: zeros) + bytes.reversed()
    }
}
