import CZlib

/// Compression for the way to the browser.
enum Gzip {
    /// Bytes below which compressing costs more than it saves.
    static let smallest = 860

    /// The bytes as a gzip file; nil when zlib refuses.
    ///
    /// - Parameter level: `1...9`: 6 for pages made on the fly, 9 for what is compressed once.
    static func compress(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8]? {
        guard let size = UInt32(exactly: bytes.count) else { return nil }
        var stream = z_stream()
        let windowBits: Int32 = 15 + 16  // 16 asks zlib for gzip's frame
        guard
            deflateInit2_(
                &stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        var input = bytes
        let bound = Int(deflateBound(&stream, UInt(size)))
        return input.withUnsafeMutableBufferPointer { source -> [UInt8]? in
            var isWhole = false
            let output = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
                stream.next_in = source.baseAddress
                stream.avail_in = size
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(clamping: bound)
                isWhole = deflate(&stream, Z_FINISH) == Z_STREAM_END
                count = Int(stream.total_out)
            }
            return isWhole ? output : nil
        }
    }
}
