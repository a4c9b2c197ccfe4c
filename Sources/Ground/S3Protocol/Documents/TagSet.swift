import XML

/// Labels of a bucket or an object: names with values, in the order they were given.
///
/// - Source: Amazon S3 API reference, "Tagging"; user guide, "Categorizing your storage using tags".
package struct TagSet: Sendable, Hashable {
    package struct Tag: Sendable, Hashable {
        package let key: String
        package let value: String

        package init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }

    /// How many an object may have.
    package static let maximumOfObject = 10
    /// How many a bucket may have.
    package static let maximumOfBucket = 50
    /// Characters of a key.
    private static let maximumKeyCount = 128
    /// Characters of a value.
    private static let maximumValueCount = 256

    package let tags: [Tag]

    /// - Throws: `InvalidTag`.
    package init(_ tags: [Tag], maximum: Int) throws(S3Error) {
        guard tags.count <= maximum else {
            throw S3Error(.invalidTag, "Object tags cannot be greater than \(maximum)")
        }
        var keys: Set<String> = []
        for tag in tags {
            guard (1...Self.maximumKeyCount).contains(tag.key.unicodeScalars.count) else {
                throw S3Error(.invalidTag, "The TagKey you have provided is invalid")
            }
            guard tag.value.unicodeScalars.count <= Self.maximumValueCount else {
                throw S3Error(.invalidTag, "The TagValue you have provided is invalid")
            }
            guard keys.insert(tag.key).inserted else {
                throw S3Error(.invalidTag, "Cannot provide multiple Tags with the same key")
            }
        }
        self.tags = tags
    }

    /// No labels.
    package static let empty = TagSet()
    private init() { tags = [] }

    /// Reads a `Tagging`.
    ///
    /// - Throws: `MalformedXML`, `InvalidTag`.
    package init(xml bytes: [UInt8], maximum: Int) throws(S3Error) {
        let set = try XMLReader.read(bytes, named: "Tagging").required("TagSet")
        var tags: [Tag] = []
        for element in set.all("Tag") { tags.append(try Tag(element)) }
        try self.init(tags, maximum: maximum)
    }

    /// Reads what stands in `x-amz-tagging`: `a=1&b=2`, escaped as in a form.
    ///
    /// - Throws: `InvalidTag`, `InvalidArgument`.
    package init(header text: String, maximum: Int = TagSet.maximumOfObject) throws(S3Error) {
        var tags: [Tag] = []
        for part in text.split(separator: "&") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = Self.unescaped(halves[0]), let value = Self.unescaped(halves.count > 1 ? halves[1] : "")
            else {
                throw S3Error(
                    .invalidArgument, "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query "
                        + "parameters without tag name duplicates.")
            }
            tags.append(Tag(key, value))
        }
        try self.init(tags, maximum: maximum)
    }

    /// The document.
    package func xml() -> [UInt8] {
        XMLWriter.document("Tagging") { writer in
            writer.element("TagSet") { writer in
                for tag in tags {
                    writer.element("Tag") { writer in
                        writer.text("Key", tag.key)
                        writer.text("Value", tag.value)
                    }
                }
            }
        }
    }

    /// As in `x-amz-tagging`: `a=1&b=2`.
    package var header: String {
        tags.map { Self.escaped($0.key) + "=" + Self.escaped($0.value) }.joined(separator: "&")
    }

    /// Whether each of some labels is here with the same value.
    package func contains(_ wanted: [Tag]) -> Bool { wanted.allSatisfy(tags.contains) }

    private static func unescaped(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard rest.count >= 2, rest.prefix(2).allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
                    let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                else { return nil }
                bytes.append(value)
                rest.removeFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                escaped.unicodeScalars.append(UnicodeScalar(byte))
            default: escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return escaped
    }
}

extension TagSet.Tag {
    /// - Throws: `MalformedXML`.
    init(_ element: XMLElement) throws(S3Error) {
        self.init(try element.required("Key").text, try element.required("Value").text)
    }
}
