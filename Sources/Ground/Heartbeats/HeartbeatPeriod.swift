package import StorageModel

/// What is the same for all nodes of a period, fixed before the first of them answers.
package struct HeartbeatPeriod: Hashable, Sendable {
    /// Who asks.
    package let satellite: NodeID
    /// The period's number, which grows: a satellite names a period by the second in which it began.
    package let number: UInt64
    /// When the period began.
    package let start: Timestamp
    /// When it ends: later answers do not count.
    package let end: Timestamp
    /// The moment whose pieces are meant.
    package let asOf: Timestamp
    /// `Beacon.secretHash` of the satellite's secret.
    package let secretHash: Bytes32

    /// A period; times are kept to the microsecond.
    package init(
        satellite: NodeID, number: UInt64, start: Timestamp, end: Timestamp, asOf: Timestamp, secretHash: Bytes32
    ) {
        self.satellite = satellite
        self.number = number
        self.start = start.truncatedToMicroseconds
        self.end = end.truncatedToMicroseconds
        self.asOf = asOf.truncatedToMicroseconds
        self.secretHash = secretHash
    }

    /// 96 bytes: what is signed and published of a period.
    var encoded: [UInt8] {
        var bytes = satellite.bytes
        bytes.append(bigEndian: number)
        bytes.append(bigEndian: start.microseconds)
        bytes.append(bigEndian: end.microseconds)
        bytes.append(bigEndian: asOf.microseconds)
        return bytes + secretHash.bytes
    }

    /// Parses `encoded`; nil when bytes are missing.
    init?(_ reader: inout ByteReader) {
        guard let satellite = reader.hash(), let number = reader.integer(UInt64.self),
            let start = reader.integer(UInt64.self), let end = reader.integer(UInt64.self),
            let asOf = reader.integer(UInt64.self), let secretHash = reader.hash()
        else { return nil }
        self.init(
            satellite: NodeID(storage: satellite), number: number,
            start: Timestamp(microseconds: Int64(bitPattern: start)),
            end: Timestamp(microseconds: Int64(bitPattern: end)),
            asOf: Timestamp(microseconds: Int64(bitPattern: asOf)), secretHash: secretHash)
    }
}
