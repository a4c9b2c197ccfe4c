package import Identity
package import StorageModel

extension HeartbeatReport {
    /// Who signed the report, by its own certificates; nil when they are none.
    package var satellite: PeerIdentity? {
        // Certificates that do not verify are no identity, whatever is wrong with them.
        try? PeerIdentity(concatenated: satelliteChain)
    }

    /// Everything that is wrong with the report itself, without any evidence; empty when it is sound.
    ///
    /// - Parameter expected: whose report it should be; nil leaves that to the reader.
    package func objections(satellite expected: NodeID?) -> [ReportObjection] {
        guard let satellite else { return [.malformedIdentity] }
        var objections: [ReportObjection] = []
        if satellite.id != period.satellite || expected.map({ $0 != satellite.id }) ?? false {
            objections.append(.otherSatellite(satellite.id))
        }
        if !isSigned(by: satellite) { objections.append(.wrongSignature) }
        if let secret, Beacon.secretHash(secret) != period.secretHash { objections.append(.otherSecret) }
        let beacon = beacon
        return objections + results.flatMap { Self.objections(to: $0, period: period.number, beacon: beacon) }
    }

    private static func objections(
        to line: HeartbeatResult, period: UInt64, beacon: Bytes32?
    ) -> [ReportObjection] {
        var objections: [ReportObjection] = line.period == period ? [] : [.otherPeriod(line.node)]
        let mayHaveEvidence: Bool
        switch line.verdict {
        case .pending:
            objections.append(.unfinished(line.node))
            mayHaveEvidence = false
        case .passed, .failed:
            if beacon == nil { objections.append(.verdictWithoutBeacon(line.node)) }
            // Without chunks there is nothing to show.
            mayHaveEvidence = line.holding.root.sum > 0
        case .unreachable:
            if beacon == nil { objections.append(.verdictWithoutBeacon(line.node)) }
            mayHaveEvidence = false
        case .void: mayHaveEvidence = false
        }
        if line.evidenceDigest.isZero == mayHaveEvidence {
            objections.append(.evidenceDoesNotFitVerdict(line.node))
        }
        if line.seed != seed(of: line, beacon: beacon) { objections.append(.wrongSeed(line.node)) }
        return objections
    }

    private static func seed(of line: HeartbeatResult, beacon: Bytes32?) -> Bytes32 {
        guard let beacon else { return Bytes32() }
        return Challenge(
            beacon: beacon, agreement: line.agreement, period: line.period, total: line.holding.root.sum,
            sampleCount: 1
        ).seed
    }
}
