internal import NIOCore

/// Bytes to store, wherever they lie.
protocol PlainBytes {
    /// How many there are.
    var byteCount: Int { get }
    /// Shows some of them, without a copy.
    ///
    /// - Parameter range: within `0..<byteCount`.
    func show(_ range: Range<Int>, to body: (UnsafeRawBufferPointer) throws -> Void) rethrows
}

extension ByteBuffer: PlainBytes {
    var byteCount: Int { readableBytes }

    func show(_ range: Range<Int>, to body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        try withUnsafeReadableBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
}

extension UnsafeRawBufferPointer: PlainBytes {
    var byteCount: Int { count }

    func show(_ range: Range<Int>, to body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        try body(UnsafeRawBufferPointer(rebasing: self[range]))
    }
}
