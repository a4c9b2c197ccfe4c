/// URL-safe base64 with padding, as the bypass mode shows encrypted path components.
enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let padding = UInt8(ascii: "=")

    /// Four characters for each three bytes, the last four padded.
    static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let group = rest.prefix(3)
            rest = rest.dropFirst(3)
            let number = group.reduce(0 as UInt32) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for index in 0..<4 {
                let digit = alphabet[Int(number >> UInt32(18 - 6 * index) & 63)]
                text.append(index <= group.count ? digit : padding)
            }
        }
        return text
    }

    /// Decodes what `encode` writes; nil for foreign characters, wrong padding or a wrong length.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        let characters = Array(text)
        guard characters.count % 4 == 0 else { return nil }
        let paddings = characters.reversed().prefix { $0 == padding }.count
        guard paddings <= 2 else { return nil }
        var bytes: [UInt8] = []
        var number: UInt32 = 0
        for (index, character) in characters.dropLast(paddings).enumerated() {
            guard let digit = alphabet.firstIndex(of: character) else { return nil }
            number = number << 6 | UInt32(digit)
            if index % 4 == 3 { append(number, count: 3, to: &bytes) }
        }
        if paddings > 0 { append(number << UInt32(6 * paddings), count: 3 - paddings, to: &bytes) }
        return bytes
    }

    private static func append(_ number: UInt32, count: Int, to bytes: inout [UInt8]) {
        for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(16 - 8 * index))) }
    }
}
