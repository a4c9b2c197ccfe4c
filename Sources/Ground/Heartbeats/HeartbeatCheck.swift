package import StorageModel

/// What a stranger finds out about a report: everything recomputed, nobody believed.
package struct HeartbeatCheck: Sendable {
    /// One node's line.
    package struct Line: Sendable {
        /// As the satellite reports it.
        package let result: HeartbeatResult
        /// What the evidence shows; nil when there is none.
        package let finding: EvidenceBundle.Finding?
        /// Why the evidence cannot be read; nil when it can, or there is none.
        package let damage: String?

        /// Whether a verdict that needs evidence has none: nothing is known of it but the satellite's word.
        package var isUnchecked: Bool { finding == nil && damage == nil && !result.evidenceDigest.isZero }
        /// Whether the line says what the evidence shows.
        package var isSound: Bool { damage == nil && !isUnchecked && finding.map(\.objections.isEmpty) ?? true }
    }

    /// The report.
    package let report: HeartbeatReport
    /// What is wrong with the report itself.
    package let objections: [ReportObjection]
    /// The lines that were looked at, in the order of the nodes' ids.
    package let lines: [Line]

    /// Whether the report is genuine and every line that was looked at says what its evidence shows.
    package var isSound: Bool { objections.isEmpty && lines.allSatisfy(\.isSound) }

    /// Checks a report.
    ///
    /// - Parameters:
    ///   - encoded: the published file.
    ///   - satellite: whose report it should be; nil takes whoever signed it.
    ///   - nodes: the nodes to look at; nil for all.
    ///   - evidence: the kept file of a node; nil when there is none.
    /// - Throws: `HeartbeatError` for bytes that are no report; what `evidence` throws.
    package static func check(
        _ encoded: [UInt8], satellite: NodeID?, nodes: Set<NodeID>? = nil,
        evidence: (NodeID) async throws -> [UInt8]?
    ) async throws -> HeartbeatCheck {
        let report = try HeartbeatReport(encoded: encoded)
        var lines: [Line] = []
        for result in report.results where nodes?.contains(result.node) ?? true {
            let bytes = result.evidenceDigest.isZero ? nil : try await evidence(result.node)
            lines.append(line(result, bytes, in: report))
        }
        return HeartbeatCheck(
            report: report, objections: report.objections(satellite: satellite), lines: lines)
    }

    private static func line(_ result: HeartbeatResult, _ bytes: [UInt8]?, in report: HeartbeatReport) -> Line {
        guard let bytes, let satellite = report.satellite else { return Line(result: result, finding: nil, damage: nil) }
        do {
            let finding = try EvidenceBundle(encoded: bytes).verify(result, in: report, satellite: satellite)
            return Line(result: result, finding: finding, damage: nil)
        } catch {
            return Line(result: result, finding: nil, damage: "\(error)")
        }
    }
}
