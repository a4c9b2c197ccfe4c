package import HTTPTypes

/// The bytes of an object that a reader wants.
package enum RangeRequest: Hashable, Sendable {
    /// From an offset to the end.
    case from(Int64)
    /// From the first to the second offset, both included.
    case between(Int64, Int64)
    /// So many at the end.
    case last(Int64)

    /// The header `Range`; nil without it, and when it is to be ignored: another unit, several ranges, or nonsense.
    package static func parse(_ headers: HTTPFields) -> RangeRequest? {
        headers[.range].flatMap(parse)
    }

    /// `bytes=4-7`, `bytes=4-` or `bytes=-7`; nil for anything else.
    package static func parse(_ text: String) -> RangeRequest? {
        let compact = text.filter { $0 != " " }
        guard compact.lowercased().hasPrefix("bytes=") else { return nil }
        let ends = compact.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        switch (ends[0].isEmpty, ends[1].isEmpty) {
        case (true, true): return nil
        case (true, false): return offset(ends[1]).map(RangeRequest.last)
        case (false, true): return offset(ends[0]).map(RangeRequest.from)
        case (false, false):
            guard let first = offset(ends[0]), let last = offset(ends[1]), first <= last else { return nil }
            return .between(first, last)
        }
    }

    /// The offsets it means in an object of `size` bytes; never empty.
    ///
    /// - Throws: `InvalidRange` when none of them is in the object.
    package func resolve(size: Int64) throws(S3Error) -> Range<Int64> {
        switch self {
        case .from(let first) where first < size: return first..<size
        case .between(let first, let last) where first < size: return first..<(min(last, size - 1) + 1)
        case .last(let count) where count > 0 && size > 0: return max(0, size - count)..<size
        default:
            throw S3Error(.invalidRange, "The requested range is not satisfiable")
        }
    }

    /// `bytes 4-7/11`, as the header `Content-Range` has it.
    package static func contentRange(_ range: Range<Int64>, size: Int64) -> String {
        "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
    }

    /// An offset in decimal; one that no object reaches counts as the greatest.
    fileprivate static func offset(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(text) ?? Int64.max - 1
    }
}

/// The header `x-amz-copy-source-range`, of which S3 takes only the full form.
package enum CopySourceRange {
    /// The offsets it means in a source of `size` bytes.
    ///
    /// - Throws: `InvalidArgument` for another form; `InvalidRange` when it ends behind the source.
    package static func parse(_ text: String, size: Int64) throws(S3Error) -> Range<Int64> {
        guard text.hasPrefix("bytes="), case .between(let first, let last)? = RangeRequest.parse(text) else {
            throw S3Error(
                .invalidArgument,
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
                    + "zero-based offsets of the first and last bytes to copy")
        }
        guard last < size else {
            throw S3Error(.invalidRange, "Range specified is not valid for source object of size: \(size)")
        }
        return first..<(last + 1)
    }
}

/// The query `partNumber`.
package enum PartNumber {
    /// - Returns: a number in `1...10_000`.
    /// - Throws: `InvalidArgument`.
    package static func parse(_ text: String) throws(S3Error) -> Int {
        guard let number = Int(text), (1...10_000).contains(number) else {
            throw S3Error(.invalidArgument, "Part number must be an integer between 1 and 10000, inclusive")
        }
        return number
    }
}
