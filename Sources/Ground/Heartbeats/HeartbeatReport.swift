package import Identity
package import StorageModel

/// What a satellite publishes of a period: who was challenged with what, and what came of it, signed.
///
/// - Source: economy design §5.4.
package struct HeartbeatReport: Hashable, Sendable {
    private static let magic = Array("storj-heartbeat-report-1".utf8)
    /// Farmers a report may name.
    package static let maximumResultCount = 1 << 22

    /// The period's number.
    package var period: UInt64
    /// When the period began.
    package var start: Timestamp
    /// When it ended.
    package var end: Timestamp
    /// What became public after all sets were committed to.
    package var beacon: Bytes32
    /// One line a farmer.
    package var results: [HeartbeatResult]
    /// The satellite's certificates and its signature; empty while unsigned.
    package private(set) var signature: [UInt8] = []

    /// An unsigned report.
    package init(period: UInt64, start: Timestamp, end: Timestamp, beacon: Bytes32, results: [HeartbeatResult]) {
        self.period = period
        self.start = start
        self.end = end
        self.beacon = beacon
        self.results = results
    }

    /// The root over all lines: what is anchored.
    package var root: Bytes32 { ReportTree.root(results.map { ReportTree.leaf($0.encoded) }) }

    /// The signed bytes: the report's head and the root over its lines.
    var signingBytes: [UInt8] {
        var bytes = Self.magic
        bytes.append(bigEndian: period)
        bytes.append(bigEndian: start.microseconds)
        bytes.append(bigEndian: end.microseconds)
        bytes += beacon.bytes
        bytes.append(bigEndian: UInt32(results.count))
        return bytes + root.bytes
    }

    /// The report with the satellite's signature.
    package func signed(by satellite: NodeIdentity) -> HeartbeatReport {
        var report = self
        report.signature = satellite.sign(signingBytes)
        return report
    }

    /// Whether that satellite signed exactly this report.
    package func isSigned(by satellite: PeerIdentity) -> Bool {
        satellite.isValidSignature(signature, for: signingBytes)
    }

    /// The published file.
    package var encoded: [UInt8] {
        var bytes = Array(signingBytes.dropLast(Bytes32.byteCount)) + results.flatMap(\.encoded)
        bytes.append(bigEndian: UInt16(signature.count))
        return bytes + signature
    }

    /// Parses a published file; the signature is not checked yet.
    ///
    /// - Throws: `malformed`.
    package init(encoded: some Collection<UInt8>) throws(HeartbeatError) {
        var reader = ByteReader(encoded)
        guard reader.bytes(Self.magic.count) == Self.magic, let period = reader.integer(UInt64.self),
            let start = reader.integer(UInt64.self), let end = reader.integer(UInt64.self),
            let beacon = reader.hash(), let count = reader.integer(UInt32.self), count <= Self.maximumResultCount
        else { throw .malformed("heartbeat report: head") }
        var results: [HeartbeatResult] = []
        for _ in 0..<count {
            guard let line = reader.bytes(HeartbeatResult.encodedSize) else {
                throw .malformed("heartbeat report: number of results")
            }
            results.append(try HeartbeatResult(encoded: line))
        }
        guard let size = reader.integer(UInt16.self), let signature = reader.bytes(Int(size)), reader.isAtEnd else {
            throw .malformed("heartbeat report: signature")
        }
        self.init(
            period: period, start: Timestamp(microseconds: Int64(bitPattern: start)),
            end: Timestamp(microseconds: Int64(bitPattern: end)), beacon: beacon, results: results)
        self.signature = signature
    }
}
