package import NIOCore
package import StorageModel

/// A satellite's permission to move one piece to or from one node.
///
/// Immutable, because it is signed: `encoded` holds a received limit's bytes unchanged.
///
/// - Source: protocol document 3 §1.2.
package struct OrderLimit: WireMessage, Hashable {
    /// Replay key, common to all limits of one request.
    package let serialNumber: SerialNumber
    /// Who issued it.
    package let satelliteID: NodeID
    /// Not used any more; covered by the signature when present.
    package let deprecatedUplinkID: NodeID?
    /// The only node that may use it.
    package let storageNodeID: NodeID
    /// The piece.
    package let pieceID: PieceID
    /// The most bytes the action may move; peers can send negative numbers.
    package let limit: Int64
    /// What it allows.
    package let action: PieceAction
    /// When the piece may be forgotten; nil keeps it.
    package let pieceExpiration: Timestamp?
    /// The end of its validity.
    package let orderExpiration: Timestamp?
    /// The satellite's signature over `signingBytes`, ECDSA in DER.
    package let satelliteSignature: [UInt8]
    /// Not used any more: an encoded address, covered by the signature when present.
    package let deprecatedSatelliteAddress: [UInt8]?
    /// When it was made; decides the settlement window.
    package let orderCreation: Timestamp?
    /// The Ed25519 key that signs orders and the piece hash: 32 bytes or none.
    package let uplinkPublicKey: [UInt8]
    /// Which of the satellite's keys encrypts the metadata.
    package let encryptedMetadataKeyID: [UInt8]
    /// The satellite's private note.
    package let encryptedMetadata: [UInt8]
    /// Fields this program does not know, verbatim; the signature covers them.
    package let unknownFields: [UInt8]
    /// The encoded limit: the received bytes, or our own encoding.
    package let encoded: [UInt8]

    /// Makes a limit; `uplinkPublicKey` has 32 bytes or none.
    package init(
        serialNumber: SerialNumber, satelliteID: NodeID, storageNodeID: NodeID, pieceID: PieceID, limit: Int64,
        action: PieceAction, pieceExpiration: Timestamp? = nil, orderExpiration: Timestamp?, orderCreation: Timestamp?,
        uplinkPublicKey: [UInt8], encryptedMetadataKeyID: [UInt8] = [], encryptedMetadata: [UInt8] = [],
        satelliteSignature: [UInt8] = []
    ) {
        var fields = Fields()
        fields.serialNumber = serialNumber
        fields.satelliteID = satelliteID
        fields.storageNodeID = storageNodeID
        fields.pieceID = pieceID
        fields.limit = limit
        fields.action = action
        fields.pieceExpiration = pieceExpiration
        fields.orderExpiration = orderExpiration
        fields.orderCreation = orderCreation
        fields.uplinkPublicKey = uplinkPublicKey
        fields.encryptedMetadataKeyID = encryptedMetadataKeyID
        fields.encryptedMetadata = encryptedMetadata
        fields.satelliteSignature = satelliteSignature
        self.init(fields, encoded: nil)
    }

    package static func parse(_ buffer: ByteBuffer) throws -> OrderLimit {
        OrderLimit(try Fields(parsing: buffer), encoded: Array(buffer.readableBytesView))
    }

    package func encode(into buffer: inout ByteBuffer) { buffer.writeBytes(encoded) }

    /// The same limit with the satellite's signature.
    package func signed(_ signature: [UInt8]) -> OrderLimit {
        var fields = Fields(self)
        fields.satelliteSignature = signature
        return OrderLimit(fields, encoded: nil)
    }

    /// The bytes the satellite signs.
    ///
    /// - Source: protocol document 3 §1.6.1, unknown fields §1.6.5.
    package var signingBytes: [UInt8] {
        var buffer = ByteBuffer()
        Fields(self).encode(into: &buffer, forSigning: true)
        return Array(buffer.readableBytesView)
    }

    private init(_ fields: Fields, encoded: [UInt8]?) {
        serialNumber = fields.serialNumber
        satelliteID = fields.satelliteID
        deprecatedUplinkID = fields.deprecatedUplinkID
        storageNodeID = fields.storageNodeID
        pieceID = fields.pieceID
        limit = fields.limit
        action = fields.action
        pieceExpiration = fields.pieceExpiration
        orderExpiration = fields.orderExpiration
        satelliteSignature = fields.satelliteSignature
        deprecatedSatelliteAddress = fields.deprecatedSatelliteAddress
        orderCreation = fields.orderCreation
        uplinkPublicKey = fields.uplinkPublicKey
        encryptedMetadataKeyID = fields.encryptedMetadataKeyID
        encryptedMetadata = fields.encryptedMetadata
        unknownFields = fields.unknownFields
        if let encoded {
            self.encoded = encoded
        } else {
            var buffer = ByteBuffer()
            fields.encode(into: &buffer, forSigning: false)
            self.encoded = Array(buffer.readableBytesView)
        }
    }
}
