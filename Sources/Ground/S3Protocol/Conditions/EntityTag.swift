import StorageModel

/// What tells one content of an object from another; S3's is MD5 in hexadecimal, of several parts with their number.
package struct EntityTag: Hashable, Sendable {
    /// Without quotes.
    package let text: String

    /// Takes a tag with or without quotes.
    package init(text: String) {
        var inner = text[...]
        if inner.hasPrefix("W/") { inner = inner.dropFirst(2) }
        if inner.count >= 2, inner.hasPrefix("\""), inner.hasSuffix("\"") { inner = inner.dropFirst().dropLast() }
        self.text = String(inner)
    }

    /// The tag of an object that was sent in one piece.
    package init(md5: [UInt8]) { text = Hexadecimal.encode(md5) }

    /// The tag of an object in parts: the MD5 of its parts' MD5s, 16 bytes each, and their number.
    package static func multipart(_ partMD5s: [[UInt8]]) -> EntityTag {
        var hasher = MD5Hasher()
        for digest in partMD5s { digest.withUnsafeBytes { hasher.update($0) } }
        return EntityTag(text: "\(Hexadecimal.encode(hasher.finish()))-\(partMD5s.count)")
    }

    /// As the header `ETag` has it.
    package var quoted: String { "\"\(text)\"" }
}

/// The tags that a condition names.
package enum EntityTagList: Hashable, Sendable {
    /// `*`: anything that is there.
    case any
    case tags(Set<EntityTag>)

    /// Parses `*`, or tags with or without quotes between commas.
    package init(_ text: String) {
        let items = text.split(separator: ",").map { String($0.filter { $0 != " " && $0 != "\t" }) }
        self = items == ["*"] ? .any : .tags(Set(items.filter { !$0.isEmpty }.map(EntityTag.init(text:))))
    }

    /// Whether it names this tag.
    package func contains(_ tag: EntityTag) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains(tag)
        }
    }
}
