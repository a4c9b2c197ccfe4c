import StorageModel

/// What a part of a multipart upload carries as its entity tag: the MD5 in hexadecimal, as Storj's own gateway keeps it,
/// and behind a blank the checksum that its sender chose, `sha256=base64`.
package struct PartFacts: Hashable, Sendable {
    /// 16 bytes.
    package let md5: [UInt8]
    package let checksum: ObjectChecksum?

    /// - Precondition: an MD5 has 16 bytes.
    package init(md5: [UInt8], checksum: ObjectChecksum? = nil) {
        precondition(md5.count == 16, "an MD5 has sixteen bytes")
        self.md5 = md5
        self.checksum = checksum
    }

    /// Parses a stored entity tag; nil for one that is none of ours and holds no MD5 in hexadecimal or as it is.
    package init?(_ entityTag: [UInt8]) {
        if entityTag.count == 16 {
            self.init(md5: entityTag)
            return
        }
        let words = String(decoding: entityTag, as: UTF8.self).split(separator: " ", maxSplits: 1)
        guard let first = words.first, let md5 = Hexadecimal.decode(String(first)), md5.count == 16 else { return nil }
        guard words.count == 2 else {
            self.init(md5: md5)
            return
        }
        let halves = words[1].split(separator: "=", maxSplits: 1)
        guard halves.count == 2, let algorithm = ChecksumAlgorithm(rawValue: halves[0].uppercased()),
            let checksum = ObjectChecksum(algorithm: algorithm, text: String(halves[1]))
        else { return nil }
        self.init(md5: md5, checksum: checksum)
    }

    /// What ``init(_:)`` parses.
    package var bytes: [UInt8] {
        let sum = checksum.map { " \($0.algorithm.rawValue.lowercased())=\($0.text)" } ?? ""
        return Array((Hexadecimal.encode(md5) + sum).utf8)
    }

    /// The part's own tag.
    package var entityTag: EntityTag { EntityTag(md5: md5) }
}
