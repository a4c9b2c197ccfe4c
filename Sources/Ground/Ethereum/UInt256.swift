package import StorageModel

/// A whole number of 256 bits, the word of the Ethereum machine. Arithmetic says when it overflows; nothing wraps.
///
/// - Source: Ethereum Yellow Paper, section 4.1.
package struct UInt256: Hashable, Sendable {
    /// Words of 64 bits, the lowest first.
    private var limbs: (UInt64, UInt64, UInt64, UInt64)

    /// Zero.
    package static let zero = UInt256(0)
    /// The largest number, 2²⁵⁶ − 1.
    package static let max = UInt256(limbs: (.max, .max, .max, .max))

    private init(limbs: (UInt64, UInt64, UInt64, UInt64)) { self.limbs = limbs }

    /// A number of at most 64 bits.
    package init(_ value: UInt64) { limbs = (value, 0, 0, 0) }

    /// Thirty-two big-endian bytes.
    package init(_ bytes: Bytes32) {
        let words = bytes.words
        limbs = (words[3], words[2], words[1], words[0])
    }

    /// At most thirty-two big-endian bytes; nil for more.
    package init?(bigEndian bytes: some Collection<UInt8>) {
        guard bytes.count <= Bytes32.byteCount,
            let full = Bytes32([UInt8](repeating: 0, count: Bytes32.byteCount - bytes.count) + Array(bytes))
        else { return nil }
        self.init(full)
    }

    /// As thirty-two big-endian bytes.
    package var bytes32: Bytes32 { Bytes32(words: [limbs.3, limbs.2, limbs.1, limbs.0]) }

    /// Without leading zero bytes; empty for zero.
    package var minimalBytes: [UInt8] { Array(bytes32.bytes.drop { $0 == 0 }) }

    /// The number when it fits in 64 bits.
    package var uint64: UInt64? { limbs.1 | limbs.2 | limbs.3 == 0 ? limbs.0 : nil }

    package static func == (left: UInt256, right: UInt256) -> Bool { left.limbs == right.limbs }

    package func hash(into hasher: inout Hasher) {
        for limb in [limbs.0, limbs.1, limbs.2, limbs.3] { hasher.combine(limb) }
    }

    // MARK: Arithmetic

    /// The sum, and whether it is too large.
    package func addingReportingOverflow(_ other: UInt256) -> (value: UInt256, overflow: Bool) {
        var sum = UInt256.zero
        var carry = false
        func add(_ left: UInt64, _ right: UInt64) -> UInt64 {
            let (first, firstCarry) = left.addingReportingOverflow(right)
            let (second, secondCarry) = first.addingReportingOverflow(carry ? 1 : 0)
            carry = firstCarry || secondCarry
            return second
        }
        sum.limbs.0 = add(limbs.0, other.limbs.0)
        sum.limbs.1 = add(limbs.1, other.limbs.1)
        sum.limbs.2 = add(limbs.2, other.limbs.2)
        sum.limbs.3 = add(limbs.3, other.limbs.3)
        return (sum, carry)
    }

    /// The difference, and whether it would be negative.
    package func subtractingReportingOverflow(_ other: UInt256) -> (value: UInt256, overflow: Bool) {
        let complement = UInt256(limbs: (~other.limbs.0, ~other.limbs.1, ~other.limbs.2, ~other.limbs.3))
        let (partial, first) = addingReportingOverflow(complement)
        let (value, second) = partial.addingReportingOverflow(UInt256(1))
        return (value, !(first || second))
    }

    /// The product, and whether it is too large.
    package func multipliedReportingOverflow(by other: UInt256) -> (value: UInt256, overflow: Bool) {
        let left = [limbs.0, limbs.1, limbs.2, limbs.3]
        let right = [other.limbs.0, other.limbs.1, other.limbs.2, other.limbs.3]
        var product = [UInt64](repeating: 0, count: 8)
        for (i, a) in left.enumerated() {
            var carry: UInt64 = 0
            for (j, b) in right.enumerated() {
                let (high, low) = a.multipliedFullWidth(by: b)
                let (first, firstCarry) = product[i + j].addingReportingOverflow(low)
                let (second, secondCarry) = first.addingReportingOverflow(carry)
                product[i + j] = second
                // Cannot overflow: high is at most 2⁶⁴ − 2.
                carry = high + (firstCarry ? 1 : 0) + (secondCarry ? 1 : 0)
            }
            product[i + 4] = carry
        }
        let value = UInt256(limbs: (product[0], product[1], product[2], product[3]))
        return (value, product[4...].contains { $0 != 0 })
    }

    /// Quotient and remainder; nil for a division by zero.
    package func quotientAndRemainder(dividingBy divisor: UInt256) -> (quotient: UInt256, remainder: UInt256)? {
        guard divisor != .zero else { return nil }
        var quotient = UInt256.zero
        var remainder = UInt256.zero
        for bit in (0..<256).reversed() {
            // The bit that falls out matters when the divisor is above 2²⁵⁵.
            let carry = remainder.limbs.3 >> 63 == 1
            remainder = remainder << 1
            if isSet(bit: bit) { remainder.limbs.0 |= 1 }
            if carry || remainder >= divisor {
                remainder = remainder.subtractingReportingOverflow(divisor).value
                quotient.set(bit: bit)
            }
        }
        return (quotient, remainder)
    }

    /// Whether a bit is one; bit 0 is the lowest.
    package func isSet(bit: Int) -> Bool {
        guard (0..<256).contains(bit) else { return false }
        return words[bit / 64] >> UInt64(bit % 64) & 1 == 1
    }

    private mutating func set(bit: Int) {
        var words = words
        words[bit / 64] |= 1 << UInt64(bit % 64)
        limbs = (words[0], words[1], words[2], words[3])
    }

    private var words: [UInt64] { [limbs.0, limbs.1, limbs.2, limbs.3] }

    /// Shifted to higher bits; what leaves is lost.
    package static func << (value: UInt256, count: Int) -> UInt256 { value.shifted(up: count) }
    /// Shifted to lower bits.
    package static func >> (value: UInt256, count: Int) -> UInt256 { value.shifted(up: -count) }

    private func shifted(up count: Int) -> UInt256 {
        let source = words
        let shifted = (0..<4).map { index -> UInt64 in
            let low = index * 64 - count
            var word: UInt64 = 0
            for (part, limb) in source.enumerated() {
                // Smart shifts: anything at or beyond 64 gives zero.
                word |= limb << (part * 64 - low)
            }
            return word
        }
        return UInt256(limbs: (shifted[0], shifted[1], shifted[2], shifted[3]))
    }
}

extension UInt256: Comparable {
    package static func < (left: UInt256, right: UInt256) -> Bool { left.bytes32 < right.bytes32 }
}

extension UInt256: CustomStringConvertible {
    /// Decimal digits.
    package var description: String {
        let chunk = UInt256(1_000_000_000_000_000_000)
        var rest = self
        var parts: [String] = []
        while rest != .zero, let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: chunk) {
            parts.append(String(remainder.limbs.0))
            rest = quotient
        }
        guard let first = parts.popLast() else { return "0" }
        return first + parts.reversed().map { String(repeating: "0", count: 18 - $0.count) + $0 }.joined()
    }

    /// Reads decimal digits, or hexadecimal ones after `0x`; nil for anything else and for too large numbers.
    package init?(_ text: String) {
        if text.hasPrefix("0x") {
            let digits = text.dropFirst(2)
            guard !digits.isEmpty, digits.utf8.count <= 64,
                let bytes = Hexadecimal.decode(digits.utf8.count % 2 == 0 ? String(digits) : "0" + digits)
            else { return nil }
            self.init(bigEndian: bytes)
            return
        }
        guard !text.isEmpty else { return nil }
        var value = UInt256.zero
        for digit in text.utf8 {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (tenfold, first) = value.multipliedReportingOverflow(by: UInt256(10))
            let (sum, second) = tenfold.addingReportingOverflow(UInt256(UInt64(digit - UInt8(ascii: "0"))))
            guard !first, !second else { return nil }
            value = sum
        }
        self = value
    }
}
