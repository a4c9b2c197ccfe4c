package import Uplink

/// What `--range` takes: one range of bytes as in HTTP, both ends included.
package enum RangeText {
    /// Why a text is no range.
    package struct Malformed: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    private static let prefix = "bytes="

    /// Parses `0-99`, `100-` or `-100` (the last hundred), with or without `bytes=` in front.
    ///
    /// - Throws: `Malformed` for anything else, several ranges included.
    package static func parse(_ text: String) throws(Malformed) -> DownloadRange {
        let numbers = text.hasPrefix(prefix) ? text.dropFirst(prefix.count) : text[...]
        guard !numbers.contains(",") else { throw Malformed(description: "several ranges in one are not supported: \(text)") }
        let parts = numbers.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw malformed(text) }
        switch (parts[0].isEmpty, parts[1].isEmpty) {
        case (false, false):
            let first = try number(parts[0], text), last = try number(parts[1], text)
            guard first <= last, last < .max else { throw malformed(text) }
            return .bytes(first..<last + 1)
        case (false, true): return .from(try number(parts[0], text))
        case (true, false): return .last(try number(parts[1], text))
        case (true, true): throw malformed(text)
        }
    }

    private static func number(_ digits: Substring, _ text: String) throws(Malformed) -> Int64 {
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int64(digits) else {
            throw malformed(text)
        }
        return number
    }

    private static func malformed(_ text: String) -> Malformed {
        Malformed(description: "\"\(text)\" is no range: use FIRST-LAST, FIRST- or -LENGTH, for instance bytes=0-1023")
    }
}
