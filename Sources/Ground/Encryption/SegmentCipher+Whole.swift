import Foundation

extension SegmentCipher {
    /// Pads and encrypts a segment to the end of a buffer.
    ///
    /// - Parameter plain: the whole segment, in `0...64 MiB`.
    /// - Throws: `.unsupportedCipher`.
    package func encrypt(_ plain: [UInt8], appendingTo output: inout [UInt8]) throws(EncryptionError) {
        output.reserveCapacity(output.count + Int(encryptedSize(plainSize: Int64(plain.count))))
        let whole = plain.count / plainBlockSize
        for index in 0..<whole {
            let block = plain[index * plainBlockSize..<(index + 1) * plainBlockSize]
            try encrypt(block: block, index: Int64(index), appendingTo: &output)
        }
        // The rest and the padding are one block or, when the padding's length no longer fits, two.
        let rest = plain[(whole * plainBlockSize)...] + padding(plainSize: Int64(plain.count))
        for (offset, start) in stride(from: rest.startIndex, to: rest.endIndex, by: plainBlockSize).enumerated() {
            try encrypt(
                block: rest[start..<start + plainBlockSize], index: Int64(whole + offset), appendingTo: &output)
        }
    }

    /// Decrypts consecutive blocks to the end of a buffer: what a range needs.
    ///
    /// - Parameters:
    ///   - encrypted: whole blocks.
    ///   - first: the number of the first of them in the segment.
    /// - Throws: `.notAuthentic`.
    package func decrypt(
        blocks encrypted: [UInt8], first: Int64, appendingTo output: inout [UInt8]
    ) throws(EncryptionError) {
        guard encrypted.count % blockSize == 0 else { throw .notAuthentic }
        output.reserveCapacity(output.count + encrypted.count / blockSize * plainBlockSize)
        for (index, start) in stride(from: 0, to: encrypted.count, by: blockSize).enumerated() {
            let block = encrypted[start..<start + blockSize]
            try decrypt(block: block, index: first + Int64(index), appendingTo: &output)
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
