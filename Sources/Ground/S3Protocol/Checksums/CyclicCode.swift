import ChecksumKernels

/// A cyclic redundancy code of S3's three, as a number that bytes can be added to.
struct CyclicCode: Sendable {
    private let polynomial: storj_crc_polynomial

    /// Nil for an algorithm that is no such code.
    init?(_ algorithm: ChecksumAlgorithm) {
        switch algorithm {
        case .crc32: polynomial = storj_crc32
        case .crc32c: polynomial = storj_crc32c
        case .crc64nvme: polynomial = storj_crc64nvme
        case .sha1, .sha256: return nil
        }
    }

    /// The code of what `code` covers followed by these bytes; nothing has the code 0.
    func update(_ code: UInt64, _ bytes: UnsafeRawBufferPointer) -> UInt64 {
        storj_crc_update(polynomial, code, bytes.baseAddress, bytes.count)
    }

    /// The code of two strings of bytes joined, the second `length` bytes long.
    func combine(_ first: UInt64, _ second: UInt64, length: UInt64) -> UInt64 {
        storj_crc_combine(polynomial, first, second, length)
    }

    /// A digest's bytes, most significant first, as the number they are.
    static func number(_ bytes: [UInt8]) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    /// The number's `count` low bytes, most significant first.
    static func bytes(_ number: UInt64, count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64((count - 1 - $0) * 8)) }
    }
}
