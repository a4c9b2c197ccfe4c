package import NIOCore
package import SwiftProtobuf

/// A value that travels as one message of a call.
package protocol WireMessage: Sendable {
    /// Reads a whole message; unknown fields are allowed.
    ///
    /// - Throws: when the bytes are no such message. No bytes trap.
    static func parse(_ buffer: ByteBuffer) throws -> Self

    /// Appends the encoded message.
    ///
    /// - Throws: when the value cannot be encoded, for instance a text that is too long.
    func encode(into buffer: inout ByteBuffer) throws
}

extension WireMessage {
    /// Reads a whole message from bytes that are not in a network buffer.
    ///
    /// - Throws: when the bytes are no such message.
    package static func parse(_ bytes: some Collection<UInt8>) throws -> Self {
        try parse(ByteBuffer(bytes: bytes))
    }

    /// The encoded message.
    ///
    /// - Throws: when the value cannot be encoded.
    package func encoded() throws -> [UInt8] {
        var buffer = ByteBuffer()
        try encode(into: &buffer)
        return Array(buffer.readableBytesView)
    }
}

/// A message of the generated code.
package protocol GeneratedMessage: WireMessage, SwiftProtobuf.Message {}

extension GeneratedMessage {
    /// Reads a generated message straight from the buffer's storage; unknown fields are dropped.
    ///
    /// - Throws: `RPCStatusError`, the answer to whoever sent the bytes.
    package static func parse(_ buffer: ByteBuffer) throws -> Self {
        var options = BinaryDecodingOptions()
        // The deepest message of the protocol, a nested cohort rule in a batch, needs far fewer levels.
        options.messageDepthLimit = 64
        options.discardUnknownFields = true
        do {
            return try Self(serializedBytes: BufferBytes(buffer: buffer), options: options)
        } catch {
            throw DecodingFailure.status(of: error, in: buffer)
        }
    }

    package func encode(into buffer: inout ByteBuffer) throws {
        let encoded: BufferBytes = try serializedBytes()
        if buffer.capacity == 0 {
            buffer = encoded.buffer
        } else {
            buffer.writeImmutableBuffer(encoded.buffer)
        }
    }
}
