/// A place in the order of a listing: what follows is strictly behind it.
///
/// `number` is the inverted version of an object or the creation time of an upload, `tail` orders uploads of one moment.
struct ListingPosition: Hashable, Sendable {
    var key: [UInt8]
    var number: Int64
    var tail: [UInt8] = []

    /// Just before the first row of a key, or where it would be.
    static func before(_ key: [UInt8]) -> ListingPosition { ListingPosition(key: key, number: .min) }

    /// Just behind the last row of a key.
    static func after(_ key: [UInt8]) -> ListingPosition { ListingPosition(key: key, number: .max) }
}

extension ObjectListing {
    /// Where the page begins; nil when nothing can follow.
    ///
    /// - Source: protocol document 2 §4.8.
    var start: ListingPosition? {
        guard let cursor else { return .before(prefix) }
        let key = prefix + cursor.key
        if !delimiter.isEmpty,
            let collapsed = ByteOrder.prefix(of: key, through: delimiter, after: prefix.count)
        {
            return ByteOrder.successor(collapsed).map { .before($0) }
        }
        guard let version = cursor.version else { return .after(key) }
        switch scope {
        case .latest:
            return .after(key)
        case .allVersions:
            return ListingPosition(key: key, number: ~version.version)
        case .uploads:
            // The cursor knows half of the stream id, the half that sorts first.
            let suffix = version.bytes.suffix(8)
            return ListingPosition(
                key: key, number: version.version, tail: suffix + [UInt8](repeating: 0xff, count: 8))
        }
    }
}
