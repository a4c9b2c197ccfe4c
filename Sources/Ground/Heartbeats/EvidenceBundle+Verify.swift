package import Identity
import StorageModel

extension EvidenceBundle {
    /// What evidence shows of a line.
    package struct Finding: Hashable, Sendable {
        /// The verdict that follows from the evidence.
        package let verdict: HeartbeatVerdict
        /// Whose word each sample rests on: as many as were asked for.
        package let trust: [SampleTrust]
        /// What is wrong; empty when the line says what the evidence shows.
        package internal(set) var objections: [ReportObjection]

        /// Samples that rest on somebody's word.
        package func count(of trust: SampleTrust) -> Int { self.trust.count { $0 == trust } }
    }

    /// Judges a line of a report anew from this evidence.
    ///
    /// The report itself is taken for sound: `HeartbeatReport.objections(satellite:)` says whether it is.
    ///
    /// - Parameters:
    ///   - line: the report's line.
    ///   - report: the report that has the line.
    ///   - satellite: who signed the report.
    package func verify(
        _ line: HeartbeatResult, in report: HeartbeatReport, satellite: PeerIdentity
    ) -> Finding {
        let verdict = HeartbeatVerdict.judge(proof, challenge: line.challenge, root: line.holding.root)
        let trust = zip(proof.samples, attestations).map { sample, attestation in
            attestation.trust(in: sample.piece, node: line.node, satellite: satellite)
        }
        var finding = Finding(verdict: verdict, trust: trust, objections: [])
        if digest != line.evidenceDigest { finding.objections.append(.otherEvidence(line.node)) }
        if !isCommitmentSound(line, in: report.period) { finding.objections.append(.wrongCommitment(line.node)) }
        if verdict != line.verdict {
            finding.objections.append(.wrongVerdict(line.node, reported: line.verdict, found: verdict))
        }
        return finding
    }

    /// A node that never signed was asked all the same, and has nothing to check.
    private func isCommitmentSound(_ line: HeartbeatResult, in period: HeartbeatPeriod) -> Bool {
        guard !line.commitmentSignature.isEmpty else { return true }
        // Certificates that do not verify cannot have signed.
        guard let node = try? PeerIdentity(concatenated: nodeChain) else { return false }
        return line.commitment(in: period).isSigned(by: node)
    }
}
