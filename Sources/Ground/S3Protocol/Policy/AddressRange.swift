import Foundation

/// Addresses of IPv4 or IPv6 with the same leading bits: `203.0.113.0/24`, `2001:db8::/32`, or one address alone.
struct AddressRange: Hashable, Sendable {
    private let bytes: [UInt8]
    private let bitCount: Int

    /// - Returns: nil for anything else.
    init?(_ text: String) {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count <= 2, let bytes = Self.bytes(String(halves[0])) else { return nil }
        self.bytes = bytes
        guard halves.count == 2 else {
            bitCount = bytes.count * 8
            return
        }
        guard let bitCount = UInt8(halves[1]), Int(bitCount) <= bytes.count * 8 else { return nil }
        self.bitCount = Int(bitCount)
    }

    /// Whether an address, without a port, is one of them.
    func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(address), other.count == bytes.count else { return false }
        for bit in 0..<bitCount {
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            if (bytes[bit / 8] ^ other[bit / 8]) & mask != 0 { return false }
        }
        return true
    }

    /// The 4 or 16 bytes of an address. One of IPv4 written as IPv6 counts as of IPv4.
    private static func bytes(_ text: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { [UInt8]($0) } }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: &six) { [UInt8]($0) }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return isMapped ? Array(bytes[12...]) : bytes
    }
}
