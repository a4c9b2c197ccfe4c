import StorageModel

/// Reads the big-endian layout of proofs and reports; nil past the end.
struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Collection<UInt8>) { rest = Array(bytes)[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count >= 0, rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func integer<Number: FixedWidthInteger & UnsignedInteger>(_ type: Number.Type) -> Number? {
        bytes(MemoryLayout<Number>.size)?.reduce(0) { number, byte in number << 8 | Number(byte) }
    }

    mutating func hash() -> Bytes32? { bytes(Bytes32.byteCount).flatMap { Bytes32($0) } }
}

extension [UInt8] {
    /// Appends a number, the highest byte first.
    mutating func append(bigEndian number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }
}
