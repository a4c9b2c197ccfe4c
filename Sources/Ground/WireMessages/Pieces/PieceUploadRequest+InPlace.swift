package import NIOCore

extension PieceUploadRequest {
    /// Bytes that `wrap` may need before the data.
    package static let prefixRoom = 1024
    /// Bytes that `wrap` may need behind the data.
    package static let suffixRoom = 256

    /// Writes the fields of a message around data that lie in a buffer already, so that the data are not copied.
    ///
    /// The order of fields on the wire is free: what is not the chunk stands before it, the hash behind it.
    ///
    /// - Parameters:
    ///   - data: bytes of the piece, not empty, with `prefixRoom` free bytes before them, `suffixRoom` behind them, and storage
    ///     that nobody shares; becomes the encoded message.
    ///   - offset: where the bytes begin in the piece.
    package static func wrap(
        _ data: inout ByteBuffer, offset: Int64, limit: OrderLimit? = nil, order: Order? = nil, done: PieceHash? = nil,
        hashAlgorithm: PieceHashAlgorithm = .sha256
    ) {
        let count = data.readableBytes
        var prefix = ByteBuffer()
        prefix.reserveCapacity(prefixRoom)
        if let limit { prefix.writeField(1, bytes: limit.encoded) }
        if let order { prefix.writeField(2, bytes: order.encoded) }
        prefix.writeField(5, nonZero: Int64(hashAlgorithm.rawValue))
        prefix.writeHeader(
            3, length: ByteBuffer.integerSize(nonZero: offset) + ByteBuffer.bytesSize(nonEmpty: count))
        prefix.writeField(1, nonZero: offset)
        prefix.writeHeader(2, length: count)
        precondition(data.readerIndex >= prefix.readableBytes, "the data have room before them")
        let start = data.readerIndex - prefix.readableBytes
        data.setBuffer(prefix, at: start)
        data.moveReaderIndex(to: start)
        if let done { data.writeField(4, bytes: done.encoded) }
    }
}
