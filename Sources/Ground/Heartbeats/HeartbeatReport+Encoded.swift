import StorageModel

extension HeartbeatReport {
    private static let magic = Array("storj-heartbeat-report-1".utf8)
    /// Farmers a report may name.
    package static let maximumResultCount = 1 << 22

    /// The signed bytes: the report's head and the roots over its lines.
    var signingBytes: [UInt8] {
        var bytes = head
        bytes.append(bigEndian: UInt32(results.count))
        bytes += root.bytes
        bytes.append(bigEndian: UInt32(uncovered.count))
        return bytes + ReportTree.root(uncovered.map { ReportTree.leaf($0.encoded) }).bytes
    }

    private var head: [UInt8] {
        var bytes = Self.magic
        bytes.append(bigEndian: UInt16(clamping: satelliteChain.count))
        bytes += satelliteChain.prefix(Int(UInt16.max)) + period.encoded
        bytes.append(secret == nil ? 0 : 1)
        return bytes + (secret ?? Bytes32()).bytes
    }

    /// The published file.
    package var encoded: [UInt8] {
        var bytes = head
        bytes.append(bigEndian: UInt32(results.count))
        for result in results { bytes += result.encoded }
        bytes.append(bigEndian: UInt32(uncovered.count))
        for node in uncovered { bytes += node.encoded }
        bytes.append(UInt8(clamping: signature.count))
        return bytes + signature.prefix(Int(UInt8.max))
    }

    /// Parses a published file; nothing is checked yet, `objections(satellite:)` does.
    ///
    /// - Throws: `malformed`, also for lines out of order, for a node twice, and for bytes left over.
    package init(encoded: some Collection<UInt8>) throws(HeartbeatError) {
        var reader = ByteReader(encoded)
        guard reader.bytes(Self.magic.count) == Self.magic, let size = reader.integer(UInt16.self),
            let chain = reader.bytes(Int(size)), let period = HeartbeatPeriod(&reader),
            let hasSecret = reader.integer(UInt8.self), hasSecret <= 1, let secret = reader.hash(),
            hasSecret == 1 || secret.isZero
        else { throw .malformed("heartbeat report: head") }
        let results = try Self.lines(&reader, "results") { HeartbeatResult(&$0) }
        let uncovered = try Self.lines(&reader, "nodes without heartbeats") { UncoveredNode(&$0) }
        guard Self.isAscending(results.map(\.node)), Self.isAscending(uncovered.map(\.node)) else {
            throw .malformed("heartbeat report: order of nodes")
        }
        guard let size = reader.integer(UInt8.self), let signature = reader.bytes(Int(size)), reader.isAtEnd else {
            throw .malformed("heartbeat report: signature")
        }
        self.init(
            unsigned: HeartbeatReport(
                satelliteChain: chain, period: period, secret: hasSecret == 1 ? secret : nil, results: results,
                uncovered: uncovered),
            signature: signature)
    }

    private static func lines<Line>(
        _ reader: inout ByteReader, _ name: String, _ parse: (inout ByteReader) -> Line?
    ) throws(HeartbeatError) -> [Line] {
        guard let count = reader.integer(UInt32.self), count <= maximumResultCount else {
            throw .malformed("heartbeat report: number of \(name)")
        }
        var lines: [Line] = []
        for _ in 0..<count {
            guard let line = parse(&reader) else { throw .malformed("heartbeat report: \(name)") }
            lines.append(line)
        }
        return lines
    }

    private static func isAscending(_ nodes: [NodeID]) -> Bool {
        zip(nodes, nodes.dropFirst()).allSatisfy { $0 < $1 }
    }
}
