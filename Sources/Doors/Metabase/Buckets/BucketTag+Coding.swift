import Database

extension BucketTag {
    /// Keys and values one after another, each behind its length in two big-endian bytes.
    static func encode(_ tags: [BucketTag]) -> [UInt8] {
        var bytes: [UInt8] = []
        for text in tags.flatMap({ [$0.key, $0.value] }) {
            let utf8 = Array(text.utf8)
            precondition(utf8.count <= Int(UInt16.max), "a tag's texts are limited before they are stored")
            bytes += [UInt8(utf8.count >> 8), UInt8(utf8.count & 0xff)] + utf8
        }
        return bytes
    }

    /// What `encode` made.
    ///
    /// - Throws: `DatabaseError` with kind `corrupt` for anything else.
    static func decode(_ bytes: [UInt8]) throws -> [BucketTag] {
        var texts: [String] = []
        var rest = bytes[...]
        while rest.count >= 2 {
            let count = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
            rest = rest.dropFirst(2)
            guard rest.count >= count else { break }
            texts.append(String(decoding: rest.prefix(count), as: UTF8.self))
            rest = rest.dropFirst(count)
        }
        guard rest.isEmpty, texts.count.isMultiple(of: 2) else {
            throw DatabaseError(.corrupt, "a bucket's tags do not parse")
        }
        return stride(from: 0, to: texts.count, by: 2).map { BucketTag(key: texts[$0], value: texts[$0 + 1]) }
    }
}
