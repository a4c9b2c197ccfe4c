package import NIOCore
import WireMessages

/// A message of any type, as its bytes: recordings are sent without being understood.
package struct RawMessage: WireMessage, Hashable {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package static func parse(_ buffer: ByteBuffer) throws -> RawMessage {
        RawMessage(Array(buffer.readableBytesView))
    }

    package func encode(into buffer: inout ByteBuffer) throws { buffer.writeBytes(bytes) }
}
