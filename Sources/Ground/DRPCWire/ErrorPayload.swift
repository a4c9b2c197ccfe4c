package import NIOCore

/// The data of an Error packet: a status code and the complete text, on which clients match.
///
/// - Source: protocol document 1 §2.3.
package struct ErrorPayload: Error, Hashable, Sendable {
    /// The status code, 0 for unknown.
    package let code: UInt64
    /// The text.
    package let message: String

    /// A payload.
    package init(code: UInt64, message: String) {
        self.code = code
        self.message = message
    }

    /// Parses the data of an Error packet. Bytes that are not UTF-8 are replaced.
    ///
    /// - Throws: `malformedError` for less than 8 bytes.
    package init(parsing data: ByteBuffer) throws(ProtocolError) {
        var data = data
        guard let code: UInt64 = data.readInteger() else { throw .malformedError }
        self.code = code
        message = String(buffer: data)
    }

    /// The data of an Error packet.
    package var data: ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(code)
        buffer.writeString(message)
        return buffer
    }
}
