package import HTTPTypes

/// What is known of a body that came in full and passed every check.
package struct BodyFacts: Sendable {
    /// Bytes of the object.
    package let length: Int64
    /// 16 bytes, when it was computed.
    package let md5: [UInt8]?
    /// All that were computed.
    package let checksums: [ObjectChecksum]
    /// The algorithm the client chose, whose checksum is stored and answered; nil when it chose none.
    package let declared: ChecksumAlgorithm?
    /// What followed the last chunk.
    package let trailers: HTTPFields

    package init(
        length: Int64, md5: [UInt8]?, checksums: [ObjectChecksum], declared: ChecksumAlgorithm?,
        trailers: HTTPFields = HTTPFields()
    ) {
        self.length = length
        self.md5 = md5
        self.checksums = checksums
        self.declared = declared
        self.trailers = trailers
    }

    /// The checksum of an algorithm, when it was computed.
    package func checksum(_ algorithm: ChecksumAlgorithm) -> ObjectChecksum? {
        checksums.first { $0.algorithm == algorithm }
    }
}
