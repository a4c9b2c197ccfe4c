import NIOCore
import WireMessages

/// A message of any type, as its bytes: recordings are sent without being understood.
struct RawMessage: WireMessage, Hashable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    static func parse(_ buffer: ByteBuffer) throws -> RawMessage { RawMessage(Array(buffer.readableBytesView)) }

    func encode(into buffer: inout ByteBuffer) throws { buffer.writeBytes(bytes) }
}
