package import NIOCore

/// One message of a download, uplink to node.
///
/// - Source: protocol document 3 §1.2 and §1.4.
package struct PieceDownloadRequest: WireMessage, Hashable {
    /// The range that is wanted; peers can send negative numbers.
    package struct Chunk: Hashable, Sendable {
        /// Where it begins in the piece.
        package var offset: Int64
        /// How many bytes.
        package var size: Int64

        /// Makes a range.
        package init(offset: Int64, size: Int64) {
            self.offset = offset
            self.size = size
        }
    }

    /// In the first message only.
    package var limit: OrderLimit?
    /// More credit.
    package var order: Order?
    /// The range; in the first message only.
    package var chunk: Chunk?
    /// The most bytes the client wants in a message; 0 leaves it to the node.
    package var maximumChunkSize: Int32

    /// Makes a message of parts.
    package init(limit: OrderLimit? = nil, order: Order? = nil, chunk: Chunk? = nil, maximumChunkSize: Int32 = 0) {
        self.limit = limit
        self.order = order
        self.chunk = chunk
        self.maximumChunkSize = maximumChunkSize
    }

    package static func parse(_ buffer: ByteBuffer) throws -> PieceDownloadRequest {
        var message = PieceDownloadRequest()
        var reader = FieldReader(buffer, message: "piece_download_request")
        while let tag = try reader.next() {
            switch tag.number {
            case 1: message.limit = try OrderLimit.parse(try reader.bytes(tag, "limit"))
            case 2: message.order = try Order.parse(try reader.bytes(tag, "order"))
            case 3: message.chunk = try Chunk(parsing: try reader.bytes(tag, "chunk"))
            case 4: message.maximumChunkSize = Int32(truncatingIfNeeded: try reader.varint(tag, "maximum_chunk_size"))
            default: _ = try reader.skip(tag)
            }
        }
        return message
    }

    package func encode(into buffer: inout ByteBuffer) {
        if let limit { buffer.writeField(1, bytes: limit.encoded) }
        if let order { buffer.writeField(2, bytes: order.encoded) }
        if let chunk {
            let size = ByteBuffer.integerSize(nonZero: chunk.offset) + ByteBuffer.integerSize(nonZero: chunk.size)
            buffer.writeHeader(3, length: size)
            buffer.writeField(1, nonZero: chunk.offset)
            buffer.writeField(2, nonZero: chunk.size)
        }
        buffer.writeField(4, nonZero: Int64(maximumChunkSize))
    }
}

extension PieceDownloadRequest.Chunk {
    fileprivate init(parsing buffer: ByteBuffer) throws(WireMessageError) {
        self.init(offset: 0, size: 0)
        var reader = FieldReader(buffer, message: "chunk")
        while let tag = try reader.next() {
            switch tag.number {
            case 1: offset = Int64(bitPattern: try reader.varint(tag, "offset"))
            case 2: size = Int64(bitPattern: try reader.varint(tag, "chunk_size"))
            default: _ = try reader.skip(tag)
            }
        }
    }
}

/// One message of a download, node to uplink.
package struct PieceDownloadResponse: WireMessage, Hashable {
    /// Bytes of the piece, sharing the message's storage.
    package typealias Chunk = PieceUploadRequest.Chunk

    /// More data.
    package var chunk: Chunk?
    /// For a repair: the hash the uploader signed.
    package var hash: PieceHash?
    /// For a repair: the limit of the upload.
    package var limit: OrderLimit?
    /// Whether the piece had to be fetched back from the trash.
    package var restoredFromTrash: Bool

    /// Makes a message of parts.
    package init(
        chunk: Chunk? = nil, hash: PieceHash? = nil, limit: OrderLimit? = nil, restoredFromTrash: Bool = false
    ) {
        self.chunk = chunk
        self.hash = hash
        self.limit = limit
        self.restoredFromTrash = restoredFromTrash
    }

    package static func parse(_ buffer: ByteBuffer) throws -> PieceDownloadResponse {
        var message = PieceDownloadResponse()
        var reader = FieldReader(buffer, message: "piece_download_response")
        while let tag = try reader.next() {
            switch tag.number {
            case 1:
                let chunk = try DataChunk(parsing: try reader.bytes(tag, "chunk"))
                message.chunk = Chunk(offset: chunk.offset, data: chunk.data)
            case 2: message.hash = try PieceHash.parse(try reader.bytes(tag, "hash"))
            case 3: message.limit = try OrderLimit.parse(try reader.bytes(tag, "limit"))
            case 4: message.restoredFromTrash = try reader.varint(tag, "restored_from_trash") != 0
            default: _ = try reader.skip(tag)
            }
        }
        return message
    }

    package func encode(into buffer: inout ByteBuffer) {
        if let chunk { DataChunk(offset: chunk.offset, data: chunk.data).encode(1, into: &buffer) }
        if let hash { buffer.writeField(2, bytes: hash.encoded) }
        if let limit { buffer.writeField(3, bytes: limit.encoded) }
        buffer.writeField(4, nonZero: restoredFromTrash ? 1 : 0)
    }
}
