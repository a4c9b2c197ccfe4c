#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An IPv4 or IPv6 address.
package struct IPAddress: Hashable, Sendable {
    /// 4 or 16 bytes, in network order. An IPv4 address mapped into IPv6 is kept as IPv4.
    package let bytes: [UInt8]

    /// An address of 4 or 16 bytes; nil for any other count.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        self.bytes = bytes.count == 16 && Array(bytes.prefix(12)) == mapped ? Array(bytes.suffix(4)) : bytes
    }

    /// Parses dotted or colon-separated text without brackets; nil for a name or a zone.
    package init?(text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(bytes: withUnsafeBytes(of: four) { Array($0) })
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.init(bytes: withUnsafeBytes(of: six) { Array($0) })
        } else {
            return nil
        }
    }

    /// Whether this is an IPv4 address.
    package var isIPv4: Bool { bytes.count == 4 }

    /// Whether some host can have the address: neither unspecified, nor multicast, nor reserved.
    package var isUnicast: Bool {
        if isIPv4 { return bytes[0] != 0 && bytes[0] < 224 }
        return bytes[0] != 0xff && bytes.contains { $0 != 0 }
    }

    /// Whether the whole internet can reach the address.
    package var isGlobal: Bool {
        guard isUnicast else { return false }
        if isIPv4 {
            switch (bytes[0], bytes[1]) {
            case (10, _), (127, _), (172, 16...31), (192, 168), (169, 254), (100, 64...127): return false
            default: return true
            }
        }
        let isLoopback = bytes.dropLast().allSatisfy { $0 == 0 }
        let isLocal = bytes[0] & 0xfe == 0xfc || bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80
        return !isLoopback && !isLocal
    }

    /// The subnet that one operator is likely to hold: the address with all but 24 (IPv4) or 64 (IPv6) bits cleared.
    package var subnet: IPAddress {
        let kept = isIPv4 ? 3 : 8
        return IPAddress(unmapped: bytes.prefix(kept) + [UInt8](repeating: 0, count: bytes.count - kept))
    }

    private init(unmapped: some Sequence<UInt8>) { bytes = Array(unmapped) }

    /// The address with a port, an IPv6 address in brackets.
    package func text(port: Int) -> String { isIPv4 ? "\(self):\(port)" : "[\(self)]:\(port)" }
}

extension IPAddress: CustomStringConvertible {
    /// The usual text, for instance `192.0.2.1` or `2001:db8::1`.
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let result = bytes.withUnsafeBytes { bytes in
            inet_ntop(isIPv4 ? AF_INET : AF_INET6, bytes.baseAddress, &text, socklen_t(text.count))
        }
        precondition(result != nil, "every address of 4 or 16 bytes has a text")
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
