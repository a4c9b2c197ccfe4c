import Encryption
import StorageModel

extension Benchmark {
    /// Encrypting and decrypting the blocks of a segment with AES-256-GCM, 7,408 plain bytes each.
    static var encryption: [Benchmark] {
        [
            Benchmark(name: "aes-gcm seal", unit: "GB/s of a core", ceiling: "3.65 openssl speed") { scale in
                let segment = try SealedSegment(scale: scale)
                let seconds = try Stopwatch.threadCPU.best(of: segment.rounds) { _ = try segment.seal() }
                return segment.result(seconds: seconds, output: try segment.seal())
            },
            Benchmark(name: "aes-gcm open", unit: "GB/s of a core", ceiling: "3.1 swift-crypto") { scale in
                let segment = try SealedSegment(scale: scale)
                let sealed = try segment.seal()
                let size = Int64(segment.plain.count)
                let seconds = try Stopwatch.threadCPU.best(of: segment.rounds) {
                    _ = try segment.cipher.decrypt(sealed, plainSize: size)
                }
                return segment.result(seconds: seconds, output: try segment.cipher.decrypt(sealed, plainSize: size))
            },
        ]
    }
}

/// A few MB, so that memory stays in the cache between the rounds, with the same key in every run.
private struct SealedSegment {
    let plain: [UInt8]
    let cipher: SegmentCipher
    let rounds: Int

    init(scale: Benchmark.Scale) throws {
        plain = Benchmark.input(scale == .real ? 4 << 20 : 20_000)
        rounds = scale == .real ? 10 : 1
        guard let key = EncryptionKey(Benchmark.input(32)) else {
            preconditionFailure("a key has 32 bytes")
        }
        cipher = try SegmentCipher(suite: .aesGCM, key: key, start: EncryptionNonce(segment: .zero))
    }

    func seal() throws -> [UInt8] {
        var output: [UInt8] = []
        try cipher.encrypt(plain, appendingTo: &output)
        return output
    }

    func result(seconds: Double, output: [UInt8]) -> Benchmark.Result {
        Benchmark.Result(
            figure: Double(plain.count) / seconds / 1e9, digest: Benchmark.digest(output))
    }
}
