import CZstd

/// Zstandard frames with a bound on what a peer's frame may unfold to.
package enum Compression {
    /// Compresses `bytes` into one frame; nil when the library fails, which the caller answers by not compressing.
    package static func compress(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        let bound = ZSTD_compressBound(bytes.count)
        guard ZSTD_isError(bound) == 0 else { return nil }
        var size = 0
        let frame = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            size = bytes.withUnsafeBytes { ZSTD_compress(buffer.baseAddress, bound, $0.baseAddress, $0.count, level) }
            count = ZSTD_isError(size) == 0 ? size : 0
        }
        return ZSTD_isError(size) == 0 ? frame : nil
    }

    /// Unfolds one or more frames; nil for bytes that are not frames, end early, or unfold to more than `maximum` bytes.
    package static func decompress(_ bytes: [UInt8], maximum: Int) -> [UInt8]? {
        guard !bytes.isEmpty, let context = ZSTD_createDCtx() else { return bytes.isEmpty ? [] : nil }
        defer { ZSTD_freeDCtx(context) }
        // A frame may ask for a window as large as it likes; ours is never larger than the output we accept.
        guard ZSTD_isError(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 26)) == 0 else { return nil }
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(maximum, ZSTD_DStreamOutSize()) + 1)
        var consumed = 0
        while true {
            var result = 0
            var produced = 0
            let before = consumed
            bytes.withUnsafeBytes { source in
                chunk.withUnsafeMutableBytes { target in
                    var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: consumed)
                    var room = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    result = ZSTD_decompressStream(context, &room, &input)
                    consumed = input.pos
                    produced = room.pos
                }
            }
            guard ZSTD_isError(result) == 0, output.count + produced <= maximum else { return nil }
            output += chunk.prefix(produced)
            if consumed == bytes.count, result == 0 { return output }
            // Nothing more comes in and nothing came out: the frame is cut short.
            if produced == 0, consumed == before { return nil }
        }
    }
}
