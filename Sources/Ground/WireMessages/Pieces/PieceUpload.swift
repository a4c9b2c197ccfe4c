package import NIOCore

/// One message of an upload, uplink to node; any parts may come together.
///
/// - Source: protocol document 3 §1.2–1.3.
package struct PieceUploadRequest: WireMessage, Hashable {
    /// Bytes of the piece.
    package struct Chunk: Hashable, Sendable {
        /// Where they begin in the piece; peers can send negative numbers.
        package var offset: Int64
        /// The bytes, sharing the message's storage.
        package var data: ByteBuffer

        /// Makes a chunk.
        package init(offset: Int64, data: ByteBuffer) {
            self.offset = offset
            self.data = data
        }
    }

    /// In the first message only.
    package var limit: OrderLimit?
    /// More credit.
    package var order: Order?
    /// More data.
    package var chunk: Chunk?
    /// The end: the uplink's signed hash.
    package var done: PieceHash?
    /// How the piece will be hashed; in the first message.
    package var hashAlgorithm: PieceHashAlgorithm

    /// Makes a message of parts.
    package init(
        limit: OrderLimit? = nil, order: Order? = nil, chunk: Chunk? = nil, done: PieceHash? = nil,
        hashAlgorithm: PieceHashAlgorithm = .sha256
    ) {
        self.limit = limit
        self.order = order
        self.chunk = chunk
        self.done = done
        self.hashAlgorithm = hashAlgorithm
    }

    package static func parse(_ buffer: ByteBuffer) throws -> PieceUploadRequest {
        var message = PieceUploadRequest()
        var reader = FieldReader(buffer, message: "piece_upload_request")
        while let tag = try reader.next() {
            switch tag.number {
            case 1: message.limit = try OrderLimit.parse(try reader.bytes(tag, "limit"))
            case 2: message.order = try Order.parse(try reader.bytes(tag, "order"))
            case 3:
                let chunk = try DataChunk(parsing: try reader.bytes(tag, "chunk"))
                message.chunk = Chunk(offset: chunk.offset, data: chunk.data)
            case 4: message.done = try PieceHash.parse(try reader.bytes(tag, "done"))
            case 5:
                let algorithm = Int32(truncatingIfNeeded: try reader.varint(tag, "hash_algorithm"))
                message.hashAlgorithm = PieceHashAlgorithm(rawValue: algorithm)
            default: _ = try reader.skip(tag)
            }
        }
        return message
    }

    package func encode(into buffer: inout ByteBuffer) {
        if let limit { buffer.writeField(1, bytes: limit.encoded) }
        if let order { buffer.writeField(2, bytes: order.encoded) }
        if let chunk { DataChunk(offset: chunk.offset, data: chunk.data).encode(3, into: &buffer) }
        if let done { buffer.writeField(4, bytes: done.encoded) }
        buffer.writeField(5, nonZero: Int64(hashAlgorithm.rawValue))
    }
}

/// The only answer to an upload.
package struct PieceUploadResponse: WireMessage, Hashable {
    /// The node's signed hash.
    package var done: PieceHash?
    /// The node's certificates in DER, leaf first, one after the other.
    package var nodeCertificateChain: [UInt8]

    /// Makes an answer.
    package init(done: PieceHash? = nil, nodeCertificateChain: [UInt8] = []) {
        self.done = done
        self.nodeCertificateChain = nodeCertificateChain
    }

    package static func parse(_ buffer: ByteBuffer) throws -> PieceUploadResponse {
        var message = PieceUploadResponse()
        var reader = FieldReader(buffer, message: "piece_upload_response")
        while let tag = try reader.next() {
            switch tag.number {
            case 1: message.done = try PieceHash.parse(try reader.bytes(tag, "done"))
            case 2: message.nodeCertificateChain = try reader.array(tag, "node_certchain")
            default: _ = try reader.skip(tag)
            }
        }
        return message
    }

    package func encode(into buffer: inout ByteBuffer) {
        if let done { buffer.writeField(1, bytes: done.encoded) }
        buffer.writeField(2, nonEmpty: nodeCertificateChain)
    }
}

/// The wire form of data with its place in the piece.
struct DataChunk {
    var offset: Int64 = 0
    var data = ByteBuffer()

    init(offset: Int64, data: ByteBuffer) {
        self.offset = offset
        self.data = data
    }

    init(parsing buffer: ByteBuffer) throws(WireMessageError) {
        var reader = FieldReader(buffer, message: "chunk")
        while let tag = try reader.next() {
            switch tag.number {
            case 1: offset = Int64(bitPattern: try reader.varint(tag, "offset"))
            case 2: data = try reader.bytes(tag, "data")
            default: _ = try reader.skip(tag)
            }
        }
    }

    /// Writes the chunk as field `number`, also when it is empty.
    func encode(_ number: UInt8, into buffer: inout ByteBuffer) {
        let size = ByteBuffer.integerSize(nonZero: offset) + ByteBuffer.bytesSize(nonEmpty: data.readableBytes)
        buffer.reserveCapacity(minimumWritableBytes: size + 12)
        buffer.writeHeader(number, length: size)
        buffer.writeField(1, nonZero: offset)
        guard data.readableBytes > 0 else { return }
        buffer.writeHeader(2, length: data.readableBytes)
        buffer.writeImmutableBuffer(data)
    }
}
