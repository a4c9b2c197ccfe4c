import ErasureCode
import StorageModel

extension Benchmark {
    /// Encoding and rebuilding a segment; bytes are those of the segment.
    static var erasure: [Benchmark] {
        [
            encode(4, 8, ceiling: "3.9 ISA-L, 7.6 own GFNI"),
            encode(29, 80, ceiling: "0.72 ISA-L, 2.9 own GFNI"),
            decode(4, 8, from: 4..<8, name: "parity", ceiling: "not measured"),
            decode(29, 80, from: 29..<58, name: "parity", ceiling: "0.94 ISA-L"),
            decode(29, 80, from: 0..<29, name: "data", ceiling: "7.5 copying"),
            correct(4, 8, shares: 6, lying: [1], ceiling: "one encode and one decode"),
            correct(29, 80, shares: 39, lying: [1, 30], ceiling: "one encode and one decode"),
        ]
    }

    /// More shares than needed, some of them of pieces in which every byte is wrong.
    private static func correct(_ k: Int, _ n: Int, shares count: Int, lying: Set<Int>, ceiling: String) -> Benchmark {
        Benchmark(name: "rs correct \(k)/\(n)", unit: "GB/s of a core", ceiling: ceiling) { scale in
            let segment = try ErasureSegment(k, n, scale: scale)
            var pieces = Array(segment.encoder.encode(segment.stripes)[..<count])
            for number in lying { pieces[number] = pieces[number].map { $0 ^ 0x5a } }
            let joined = pieces.flatMap { $0 }
            var output = [UInt8](repeating: 0, count: segment.stripes.count)
            let seconds = try joined.withUnsafeBytes { bytes in
                try output.withUnsafeMutableBytes { output in
                    guard let start = bytes.baseAddress else { return Double.infinity }
                    let shares = (0..<count).map { start + $0 * segment.pieceSize }
                    return try Stopwatch.threadCPU.best(of: segment.rounds) {
                        var corrector = try WindowCorrector(
                            scheme: segment.encoder.scheme, pieceNumbers: Array(0..<count))
                        try corrector.correct(shares, length: segment.pieceSize, into: output)
                    }
                }
            }
            precondition(output == segment.stripes, "what is measured is right")
            return Result(figure: Double(output.count) / seconds / 1e9, digest: digest(output))
        }
    }

    private static func encode(_ k: Int, _ n: Int, ceiling: String) -> Benchmark {
        Benchmark(name: "rs encode \(k)/\(n)", unit: "GB/s of a core", ceiling: ceiling) { scale in
            let segment = try ErasureSegment(k, n, scale: scale)
            var pieces = segment.pieces
            let seconds = pieces.withUnsafeMutableBytes { bytes in
                let size = segment.pieceSize
                let rows = (0..<n).map { UnsafeMutableRawBufferPointer(rebasing: bytes[$0 * size..<($0 + 1) * size]) }
                return segment.stripes.withUnsafeBytes { stripes in
                    Stopwatch.threadCPU.best(of: segment.rounds) { segment.encoder.encode(stripes, into: rows) }
                }
            }
            return Result(figure: Double(segment.stripes.count) / seconds / 1e9, digest: digest(pieces))
        }
    }

    private static func decode(
        _ k: Int, _ n: Int, from numbers: Range<Int>, name: String, ceiling: String
    ) -> Benchmark {
        Benchmark(name: "rs decode \(k)/\(n) \(name)", unit: "GB/s of a core", ceiling: ceiling) { scale in
            let segment = try ErasureSegment(k, n, scale: scale)
            let decoder = try ErasureDecoder(scheme: segment.encoder.scheme, pieceNumbers: Array(numbers))
            let pieces = segment.encoder.encode(segment.stripes)[numbers].flatMap { $0 }
            var output = [UInt8](repeating: 0, count: segment.stripes.count)
            let seconds = pieces.withUnsafeBytes { bytes in
                output.withUnsafeMutableBytes { output in
                    guard let start = bytes.baseAddress else { return Double.infinity }
                    let shares = (0..<k).map { start + $0 * segment.pieceSize }
                    return Stopwatch.threadCPU.best(of: segment.rounds) {
                        decoder.decode(shares, length: segment.pieceSize, into: output)
                    }
                }
            }
            precondition(output == segment.stripes, "what is measured is right")
            return Result(figure: Double(output.count) / seconds / 1e9, digest: digest(output))
        }
    }
}

/// What both directions need: some 4 MB of stripes and room for their pieces.
private struct ErasureSegment {
    let encoder: ErasureEncoder
    let stripes: [UInt8]
    let pieces: [UInt8]
    let pieceSize: Int
    let rounds: Int

    init(_ k: Int, _ n: Int, scale: Benchmark.Scale) throws {
        guard let scheme = RedundancyScheme(required: k, repair: k, optimal: n, total: n) else {
            preconditionFailure("the schemes are constants of this file")
        }
        encoder = ErasureEncoder(scheme: scheme)
        let stripeCount = scale == .real ? (4 << 20) / scheme.stripeSize : 3
        stripes = Benchmark.input(stripeCount * scheme.stripeSize)
        pieceSize = stripes.count / k
        pieces = [UInt8](repeating: 0, count: pieceSize * n)
        rounds = scale == .real ? 20 : 1
    }
}
