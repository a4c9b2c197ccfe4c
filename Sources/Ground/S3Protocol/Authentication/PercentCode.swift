/// Percent-encoding as S3's signatures want it.
package enum PercentCode {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Encodes everything but letters, digits and `-._~`; a slash too, unless it is to stay.
    package static func encode(_ text: some Sequence<UInt8>, keepingSlashes: Bool = false) -> [UInt8] {
        var encoded: [UInt8] = []
        for byte in text { append(byte, keepingSlashes: keepingSlashes, to: &encoded) }
        return encoded
    }

    /// `encode` of a text, as a text.
    package static func encode(_ text: String, keepingSlashes: Bool = false) -> String {
        String(decoding: encode(text.utf8, keepingSlashes: keepingSlashes), as: UTF8.self)
    }

    /// Decodes what is encoded and encodes it again the one way that signatures know.
    static func normalized(_ text: some Collection<UInt8>, keepingSlashes: Bool) -> [UInt8] {
        encode(decode(text), keepingSlashes: keepingSlashes)
    }

    /// The bytes behind the percent signs; a percent sign without two digits stays one.
    static func decode(_ text: some Collection<UInt8>, plusIsSpace: Bool = false) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var rest = text[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = rest.first.flatMap(value),
                let low = rest.dropFirst().first.flatMap(value) {
                decoded.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return decoded
    }

    /// A name or value of a query or form as text.
    static func decodeForm(_ text: some Collection<UInt8>) -> String {
        String(decoding: decode(text, plusIsSpace: true), as: UTF8.self)
    }

    private static func append(_ byte: UInt8, keepingSlashes: Bool, to encoded: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            encoded.append(byte)
        case UInt8(ascii: "/") where keepingSlashes:
            encoded.append(byte)
        default:
            encoded.append(UInt8(ascii: "%"))
            encoded.append(digits[Int(byte >> 4)])
            encoded.append(digits[Int(byte & 15)])
        }
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
