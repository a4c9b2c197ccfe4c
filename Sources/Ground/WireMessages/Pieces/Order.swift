package import NIOCore
package import StorageModel

/// An uplink's promise to account for bytes of one order limit; the amount is cumulative.
///
/// - Source: protocol document 3 §1.2.
package struct Order: WireMessage, Hashable {
    /// The serial number of the limit.
    package let serialNumber: SerialNumber
    /// All bytes promised so far; peers can send negative numbers.
    package let amount: Int64
    /// Ed25519 over `signingBytes` with the piece key, 64 bytes.
    package let uplinkSignature: [UInt8]
    /// Whether fields came that this program does not know; such an order is refused.
    package let hasUnknownFields: Bool
    /// The encoded order: the received bytes, or our own encoding.
    package let encoded: [UInt8]

    /// Makes an order.
    package init(serialNumber: SerialNumber, amount: Int64, uplinkSignature: [UInt8] = []) {
        self.serialNumber = serialNumber
        self.amount = amount
        self.uplinkSignature = uplinkSignature
        hasUnknownFields = false
        var buffer = ByteBuffer(bytes: Self.signingBytes(serialNumber, amount))
        buffer.writeField(3, nonEmpty: uplinkSignature)
        encoded = Array(buffer.readableBytesView)
    }

    private init(parsing buffer: ByteBuffer) throws(WireMessageError) {
        var serialNumber = SerialNumber()
        var amount: Int64 = 0
        var signature: [UInt8] = []
        var hasUnknownFields = false
        var reader = FieldReader(buffer, message: "order")
        while let tag = try reader.next() {
            switch tag.number {
            case 1: serialNumber = try reader.id(tag, "serial_number")
            case 2: amount = Int64(bitPattern: try reader.varint(tag, "amount"))
            case 3: signature = try reader.array(tag, "uplink_signature")
            default:
                _ = try reader.skip(tag)
                hasUnknownFields = true
            }
        }
        self.serialNumber = serialNumber
        self.amount = amount
        uplinkSignature = signature
        self.hasUnknownFields = hasUnknownFields
        encoded = Array(buffer.readableBytesView)
    }

    package static func parse(_ buffer: ByteBuffer) throws -> Order { try Order(parsing: buffer) }

    package func encode(into buffer: inout ByteBuffer) { buffer.writeBytes(encoded) }

    /// The bytes the uplink signs.
    ///
    /// - Source: protocol document 3 §1.6.2.
    package var signingBytes: [UInt8] { Self.signingBytes(serialNumber, amount) }

    private static func signingBytes(_ serialNumber: SerialNumber, _ amount: Int64) -> [UInt8] {
        var buffer = ByteBuffer()
        buffer.writeField(1, id: serialNumber)
        buffer.writeField(2, nonZero: amount)
        return Array(buffer.readableBytesView)
    }
}
