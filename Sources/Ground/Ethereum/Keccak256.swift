package import StorageModel

/// Keccak-256 as Ethereum uses it: the padding of the competition's entry, not that of SHA-3.
///
/// ```swift
/// let digest = Keccak256.hash(Array("abc".utf8))
/// ```
///
/// - Source: "The Keccak reference" 3.0, rate 1088, capacity 512; Ethereum Yellow Paper, appendix on notation.
package struct Keccak256: Sendable {
    /// Bytes absorbed between two permutations.
    private static let rate = 136

    private var lanes = [UInt64](repeating: 0, count: 25)
    private var position = 0

    /// A hasher that has absorbed nothing.
    package init() {}

    /// Absorbs bytes; any division of the same bytes gives the same hash.
    package mutating func update(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            lanes[position / 8] ^= UInt64(byte) << UInt64(position % 8 * 8)
            position += 1
            if position == Self.rate {
                Self.permute(&lanes)
                position = 0
            }
        }
    }

    /// The hash of what was absorbed; the hasher can go on.
    package func finalize() -> Bytes32 {
        var lanes = lanes
        lanes[position / 8] ^= 1 << UInt64(position % 8 * 8)
        lanes[Self.rate / 8 - 1] ^= 1 << 63
        Self.permute(&lanes)
        // Lanes are little-endian, our words big-endian.
        return Bytes32(words: lanes.prefix(4).map(\.byteSwapped))
    }

    /// The hash of one piece of input.
    package static func hash(_ bytes: some Sequence<UInt8>) -> Bytes32 {
        var hasher = Keccak256()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// The hash of bytes that lie in one place: what is hashed most, eight bytes at a time.
    package static func hash(_ bytes: [UInt8]) -> Bytes32 {
        var hasher = Keccak256()
        bytes.withUnsafeBytes { hasher.absorb($0) }
        return hasher.finalize()
    }

    private mutating func absorb(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        while index < bytes.count {
            if position % 8 == 0, bytes.count - index >= 8 {
                lanes[position / 8] ^= UInt64(
                    littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                index += 8
                position += 8
            } else {
                lanes[position / 8] ^= UInt64(bytes[index]) << UInt64(position % 8 * 8)
                index += 1
                position += 1
            }
            if position == Self.rate {
                Self.permute(&lanes)
                position = 0
            }
        }
    }

    private static let roundConstants: [UInt64] = [
        0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808a, 0x8000_0000_8000_8000,
        0x0000_0000_0000_808b, 0x0000_0000_8000_0001, 0x8000_0000_8000_8081, 0x8000_0000_0000_8009,
        0x0000_0000_0000_008a, 0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000a,
        0x0000_0000_8000_808b, 0x8000_0000_0000_008b, 0x8000_0000_0000_8089, 0x8000_0000_0000_8003,
        0x8000_0000_0000_8002, 0x8000_0000_0000_0080, 0x0000_0000_0000_800a, 0x8000_0000_8000_000a,
        0x8000_0000_8000_8081, 0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008,
    ]
    /// How far the lane at x + 5y is rotated.
    private static let rotations: [UInt64] = [
        0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
    ]

    /// Keccak-f[1600]: the steps theta, rho, pi, chi and iota, twenty-four times.
    private static func permute(_ lanes: inout [UInt64]) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 30) { scratch in
            lanes.withUnsafeMutableBufferPointer { state in
                for constant in roundConstants { round(state, scratch, constant) }
            }
        }
    }

    private static func round(
        _ state: UnsafeMutableBufferPointer<UInt64>, _ scratch: UnsafeMutableBufferPointer<UInt64>,
        _ constant: UInt64
    ) {
        for x in 0..<5 {
            scratch[25 + x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20]
        }
        for x in 0..<5 {
            let mixed = scratch[25 + (x + 4) % 5] ^ rotated(scratch[25 + (x + 1) % 5], by: 1)
            for y in 0..<5 { state[x + 5 * y] ^= mixed }
        }
        for x in 0..<5 {
            for y in 0..<5 {
                scratch[y + 5 * ((2 * x + 3 * y) % 5)] = rotated(state[x + 5 * y], by: rotations[x + 5 * y])
            }
        }
        for y in 0..<5 {
            for x in 0..<5 {
                state[x + 5 * y] =
                    scratch[x + 5 * y] ^ (~scratch[(x + 1) % 5 + 5 * y] & scratch[(x + 2) % 5 + 5 * y])
            }
        }
        state[0] ^= constant
    }

    private static func rotated(_ lane: UInt64, by count: UInt64) -> UInt64 {
        count == 0 ? lane : lane << count | lane >> (64 - count)
    }
}
