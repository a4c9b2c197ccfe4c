package import NIOCore

/// One order a node hands in, with its limit.
///
/// - Source: protocol document 3 §4.2.
package struct SettlementRequest: WireMessage, Hashable {
    /// The limit, as the satellite signed it.
    package var limit: OrderLimit?
    /// The largest order of that limit.
    package var order: Order?

    /// Makes a message.
    package init(limit: OrderLimit? = nil, order: Order? = nil) {
        self.limit = limit
        self.order = order
    }

    package static func parse(_ buffer: ByteBuffer) throws -> SettlementRequest {
        var message = SettlementRequest()
        var reader = FieldReader(buffer, message: "settlement_request")
        while let tag = try reader.next() {
            switch tag.number {
            case 1: message.limit = try OrderLimit.parse(try reader.bytes(tag, "limit"))
            case 2: message.order = try Order.parse(try reader.bytes(tag, "order"))
            default: _ = try reader.skip(tag)
            }
        }
        return message
    }

    package func encode(into buffer: inout ByteBuffer) {
        if let limit { buffer.writeField(1, bytes: limit.encoded) }
        if let order { buffer.writeField(2, bytes: order.encoded) }
    }
}
