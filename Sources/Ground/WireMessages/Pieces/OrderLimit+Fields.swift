import NIOCore
import StorageModel

extension OrderLimit {
    /// The fields while they are being collected.
    struct Fields {
        var serialNumber = SerialNumber()
        var satelliteID = NodeID()
        var deprecatedUplinkID: NodeID?
        var storageNodeID = NodeID()
        var pieceID = PieceID()
        var limit: Int64 = 0
        var action = PieceAction.invalid
        var pieceExpiration: Timestamp?
        var orderExpiration: Timestamp?
        var satelliteSignature: [UInt8] = []
        var deprecatedSatelliteAddress: [UInt8]?
        var orderCreation: Timestamp?
        var uplinkPublicKey: [UInt8] = []
        var encryptedMetadataKeyID: [UInt8] = []
        var encryptedMetadata: [UInt8] = []
        var unknownFields: [UInt8] = []

        init() {}

        init(_ limit: OrderLimit) {
            serialNumber = limit.serialNumber
            satelliteID = limit.satelliteID
            deprecatedUplinkID = limit.deprecatedUplinkID
            storageNodeID = limit.storageNodeID
            pieceID = limit.pieceID
            self.limit = limit.limit
            action = limit.action
            pieceExpiration = limit.pieceExpiration
            orderExpiration = limit.orderExpiration
            satelliteSignature = limit.satelliteSignature
            deprecatedSatelliteAddress = limit.deprecatedSatelliteAddress
            orderCreation = limit.orderCreation
            uplinkPublicKey = limit.uplinkPublicKey
            encryptedMetadataKeyID = limit.encryptedMetadataKeyID
            encryptedMetadata = limit.encryptedMetadata
            unknownFields = limit.unknownFields
        }

        init(parsing buffer: ByteBuffer) throws(WireMessageError) {
            var reader = FieldReader(buffer, message: "order_limit")
            while let tag = try reader.next() {
                switch tag.number {
                case 1: serialNumber = try reader.id(tag, "serial_number")
                case 2: satelliteID = try reader.id(tag, "satellite_id")
                case 3: deprecatedUplinkID = try reader.id(tag, "deprecated_uplink_id")
                case 4: storageNodeID = try reader.id(tag, "storage_node_id")
                case 5: pieceID = try reader.id(tag, "piece_id")
                case 6: limit = Int64(bitPattern: try reader.varint(tag, "limit"))
                case 7: action = PieceAction(rawValue: Int32(truncatingIfNeeded: try reader.varint(tag, "action")))
                case 8: pieceExpiration = try reader.timestamp(tag, "piece_expiration")
                case 9: orderExpiration = try reader.timestamp(tag, "order_expiration")
                case 10: satelliteSignature = try reader.array(tag, "satellite_signature")
                case 11: deprecatedSatelliteAddress = try reader.array(tag, "deprecated_satellite_address")
                case 12: orderCreation = try reader.timestamp(tag, "order_creation")
                case 13: uplinkPublicKey = try Self.publicKey(tag, &reader)
                case 14: encryptedMetadataKeyID = try reader.array(tag, "encrypted_metadata_key_id")
                case 15: encryptedMetadata = try reader.array(tag, "encrypted_metadata")
                default: unknownFields += try reader.skip(tag).readableBytesView
                }
            }
        }

        private static func publicKey(
            _ tag: FieldReader.Tag, _ reader: inout FieldReader
        ) throws(WireMessageError) -> [UInt8] {
            let key = try reader.array(tag, "uplink_public_key")
            guard key.isEmpty || key.count == 32 else {
                throw reader.error("uplink_public_key", .wrongLength(key.count))
            }
            return key
        }

        /// Writes the fields in order. On the wire, ids, keys and times are always present; signed, only when set.
        func encode(into buffer: inout ByteBuffer, forSigning: Bool) {
            buffer.writeField(1, id: serialNumber)
            buffer.writeField(2, id: satelliteID)
            if let deprecatedUplinkID, !(forSigning && deprecatedUplinkID.isZero) {
                buffer.writeField(3, id: deprecatedUplinkID)
            }
            buffer.writeField(4, id: storageNodeID)
            buffer.writeField(5, id: pieceID)
            buffer.writeField(6, nonZero: limit)
            buffer.writeField(7, nonZero: Int64(action.rawValue))
            write(8, pieceExpiration, into: &buffer, forSigning)
            write(9, orderExpiration, into: &buffer, forSigning)
            if !forSigning { buffer.writeField(10, nonEmpty: satelliteSignature) }
            if let deprecatedSatelliteAddress { buffer.writeField(11, bytes: deprecatedSatelliteAddress) }
            write(12, orderCreation, into: &buffer, forSigning)
            if forSigning {
                buffer.writeField(13, nonEmpty: uplinkPublicKey)
            } else {
                buffer.writeField(13, bytes: uplinkPublicKey)
            }
            buffer.writeField(14, nonEmpty: encryptedMetadataKeyID)
            buffer.writeField(15, nonEmpty: encryptedMetadata)
            buffer.writeBytes(unknownFields)
        }

        private func write(_ number: UInt8, _ time: Timestamp?, into buffer: inout ByteBuffer, _ forSigning: Bool) {
            if forSigning {
                buffer.writeField(number, time: time)
            } else {
                buffer.writeField(number, alwaysTime: time)
            }
        }
    }
}
