/// Pieces of a segment with short node aliases: piece numbers are implied by the order.
///
/// A version byte, then groups: a header `aliasCount << 3 | zeroCount`, where `zeroCount` (0…7) absent pieces come before
/// `aliasCount` (0…31) present ones, whose aliases follow as variable-length integers.
///
/// - Source: protocol document 2 §4.3.
package enum AliasPieces {
    /// A piece number and its node's alias.
    package struct Entry: Hashable, Sendable {
        package var number: Int
        package var alias: Int64

        /// An entry; neither is negative.
        package init(number: Int, alias: Int64) {
            self.number = number
            self.alias = alias
        }
    }

    private static let version: UInt8 = 1
    private static let maximumZeros = 7
    private static let maximumAliases = 31
    /// More pieces than any redundancy scheme has.
    private static let maximumNumber = 65_536

    /// Encodes pieces.
    ///
    /// - Parameter pieces: ascending by number, numbers unique, aliases not negative.
    package static func encode(_ pieces: [Entry]) -> [UInt8] {
        var bytes = [version]
        var next = 0
        var index = 0
        while index < pieces.count {
            precondition(pieces[index].number >= next, "pieces are ascending and unique")
            let zeros = min(pieces[index].number - next, maximumZeros)
            next += zeros
            var run = index
            while run < pieces.count, run - index < maximumAliases, pieces[run].number == next {
                run += 1
                next += 1
            }
            bytes.append(UInt8(run - index) << 3 | UInt8(zeros))
            for piece in pieces[index..<run] { append(UInt64(piece.alias), to: &bytes) }
            index = run
        }
        return bytes
    }

    /// Decodes what `encode` made; nil for anything malformed.
    package static func decode(_ bytes: [UInt8]) -> [Entry]? {
        guard bytes.first == version else { return nil }
        var pieces: [Entry] = []
        // Every piece takes at least a byte.
        pieces.reserveCapacity(bytes.count)
        let isWhole = bytes.withUnsafeBufferPointer { bytes in
            var reader = Reader(bytes: bytes, index: 1)
            var number = 0
            while let header = reader.byte() {
                number += Int(header & 7)
                for _ in 0..<Int(header >> 3) {
                    guard let alias = reader.integer(), number < maximumNumber else { return false }
                    pieces.append(Entry(number: number, alias: alias))
                    number += 1
                }
            }
            return true
        }
        return isWhole ? pieces : nil
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    /// Goes through encoded bytes without copying them.
    private struct Reader {
        let bytes: UnsafeBufferPointer<UInt8>
        var index: Int

        mutating func byte() -> UInt8? {
            guard index < bytes.count else { return nil }
            defer { index += 1 }
            return bytes[index]
        }

        /// A variable-length integer that is not negative as a signed one.
        mutating func integer() -> Int64? {
            guard let first = byte() else { return nil }
            if first < 0x80 { return Int64(first) }
            var value = UInt64(first & 0x7f)
            var shift: UInt64 = 7
            while shift < 64, let byte = byte() {
                value |= UInt64(byte & 0x7f) << shift
                if byte < 0x80 { return Int64(exactly: value) }
                shift += 7
            }
            return nil
        }
    }
}
