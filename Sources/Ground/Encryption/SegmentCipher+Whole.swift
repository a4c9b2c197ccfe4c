extension SegmentCipher {
    /// Pads and encrypts a segment to the end of a buffer.
    ///
    /// - Parameter plain: the whole segment, in `0...64 MiB`.
    /// - Throws: `.unsupportedCipher`.
    package func encrypt(_ plain: [UInt8], appendingTo output: inout [UInt8]) throws(EncryptionError) {
        let codec = try SegmentCodec(self)
        let whole = plain.count / plainBlockSize * plainBlockSize
        output.reserveCapacity(output.count + Int(encryptedSize(plainSize: Int64(plain.count))))
        try seal(plain[..<whole], firstBlock: 0, with: codec, appendingTo: &output)
        // The rest and the padding are one block or, when the padding's length no longer fits, two.
        let rest = plain[whole...] + padding(plainSize: Int64(plain.count))
        try seal(rest, firstBlock: Int64(whole / plainBlockSize), with: codec, appendingTo: &output)
    }

    private func seal(
        _ blocks: ArraySlice<UInt8>, firstBlock: Int64, with codec: SegmentCodec, appendingTo output: inout [UInt8]
    ) throws(EncryptionError) {
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: blocks.count / plainBlockSize * blockSize))
        let result = output.withUnsafeMutableBytes { output in
            blocks.withUnsafeBytes { blocks in
                Result { () throws(EncryptionError) in
                    let target = UnsafeMutableRawBufferPointer(rebasing: output[start...])
                    try codec.seal(blocks, firstBlock: firstBlock, into: target)
                }
            }
        }
        try result.get()
    }

    /// Decrypts consecutive blocks to the end of a buffer: what a range needs.
    ///
    /// - Parameters:
    ///   - encrypted: whole blocks.
    ///   - first: the number of the first of them in the segment.
    /// - Throws: `.notAuthentic`, and then nothing is appended.
    package func decrypt(
        blocks encrypted: [UInt8], first: Int64, appendingTo output: inout [UInt8]
    ) throws(EncryptionError) {
        let codec = try SegmentCodec(self)
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: encrypted.count / blockSize * plainBlockSize))
        let result = output.withUnsafeMutableBytes { output in
            encrypted.withUnsafeBytes { encrypted in
                Result { () throws(EncryptionError) in
                    let target = UnsafeMutableRawBufferPointer(rebasing: output[start...])
                    try codec.open(encrypted, firstBlock: first, into: target)
                }
            }
        }
        if case .failure(let error) = result {
            output.removeLast(output.count - start)
            throw error
        }
    }

    /// Decrypts a whole segment and cuts the padding off.
    ///
    /// - Parameters:
    ///   - encrypted: the segment as the nodes hold it.
    ///   - plainSize: how many bytes it had, as the satellite says.
    /// - Throws: `.notAuthentic`, also when the two sizes do not fit.
    package func decrypt(_ encrypted: [UInt8], plainSize: Int64) throws(EncryptionError) -> [UInt8] {
        guard (0...1 << 40).contains(plainSize), encryptedSize(plainSize: plainSize) == encrypted.count else {
            throw .notAuthentic
        }
        var output: [UInt8] = []
        try decrypt(blocks: encrypted, first: 0, appendingTo: &output)
        output.removeLast(output.count - Int(plainSize))
        return output
    }

    /// Encrypts a segment that the satellite keeps itself: in one piece, without padding; empty stays empty.
    package func encrypt(inline plain: [UInt8]) throws(EncryptionError) -> [UInt8] {
        try suite.encrypt(plain, key: key, nonce: start)
    }

    /// Decrypts a segment that the satellite keeps itself.
    ///
    /// - Throws: `.notAuthentic`.
    package func decrypt(inline encrypted: [UInt8]) throws(EncryptionError) -> [UInt8] {
        try suite.decrypt(encrypted, key: key, nonce: start)
    }
}
