import Encryption
import StorageModel

extension Benchmark {
    /// Encrypting and decrypting the blocks of a segment with AES-256-GCM, 7,408 plain bytes each, buffer to buffer.
    static var encryption: [Benchmark] {
        [
            Benchmark(name: "aes-gcm seal", unit: "GB/s of a core", ceiling: "3.65 openssl speed") { scale in
                try SealedSegment(scale: scale).measureSeal()
            },
            Benchmark(name: "aes-gcm open", unit: "GB/s of a core", ceiling: "3.65 openssl speed") { scale in
                try SealedSegment(scale: scale).measureOpen()
            },
        ]
    }
}

/// Blocks of some 256 KiB, as the client encrypts in one go, with the same key in every run.
private struct SealedSegment {
    let plain: [UInt8]
    let codec: SegmentCodec
    let rounds: Int
    let repeats: Int

    init(scale: Benchmark.Scale) throws {
        guard let key = EncryptionKey(Benchmark.input(32)) else {
            preconditionFailure("a key has 32 bytes")
        }
        let cipher = try SegmentCipher(suite: .aesGCM, key: key, start: EncryptionNonce(segment: .zero))
        codec = try SegmentCodec(cipher)
        plain = Benchmark.input((scale == .real ? 35 : 3) * cipher.plainBlockSize)
        rounds = scale == .real ? 20 : 1
        repeats = scale == .real ? 16 : 1
    }

    func measureSeal() throws -> Benchmark.Result {
        var output = [UInt8](repeating: 0, count: plain.count / codec.cipher.plainBlockSize * codec.cipher.blockSize)
        let seconds = try Stopwatch.threadCPU.best(of: rounds) {
            try output.withUnsafeMutableBytes { output in
                try plain.withUnsafeBytes { plain in
                    for _ in 0..<repeats { try codec.seal(plain, firstBlock: 0, into: output) }
                }
            }
        }
        return result(seconds: seconds, output: output)
    }

    func measureOpen() throws -> Benchmark.Result {
        var sealed: [UInt8] = []
        try codec.cipher.encrypt(plain, appendingTo: &sealed)
        let blocks = plain.count / codec.cipher.plainBlockSize * codec.cipher.blockSize
        var output = [UInt8](repeating: 0, count: plain.count)
        let seconds = try Stopwatch.threadCPU.best(of: rounds) {
            try output.withUnsafeMutableBytes { output in
                try sealed.withUnsafeBytes { sealed in
                    let sealed = UnsafeRawBufferPointer(rebasing: sealed[..<blocks])
                    for _ in 0..<repeats { try codec.open(sealed, firstBlock: 0, into: output) }
                }
            }
        }
        return result(seconds: seconds, output: output)
    }

    private func result(seconds: Double, output: [UInt8]) -> Benchmark.Result {
        Benchmark.Result(
            figure: Double(plain.count * repeats) / seconds / 1e9, digest: Benchmark.digest(output))
    }
}
