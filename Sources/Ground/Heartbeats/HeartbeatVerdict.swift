/// What became of a heartbeat.
///
/// - Source: economy design §5.3.
package enum HeartbeatVerdict: Hashable, Sendable {
    /// Every sample was shown.
    case passed
    /// A sample was shown wrongly or not at all: its number and the reason.
    case failed(sample: Int, SampleProof.Objection?)
    /// No answer in time.
    case unreachable
    /// No answer yet: the same challenge is put again until the window ends.
    case pending
    /// There was no beacon: nobody's fault.
    case void

    /// Judges an answer. Nothing but the arguments is read, so everybody comes to the same verdict.
    ///
    /// - Parameters:
    ///   - proof: one `SampleProof` a sample, in order.
    ///   - root: what both sides committed to; without chunks there is nothing to prove, and that passes.
    package static func judge(
        _ proof: HeartbeatProof, challenge: Challenge, root: SumNode
    ) -> HeartbeatVerdict {
        let chunks = challenge.chunks
        for (sample, chunk) in chunks.enumerated() {
            guard proof.samples.indices.contains(sample) else { return .failed(sample: sample, nil) }
            if let objection = proof.samples[sample].objection(chunk: chunk, root: root) {
                return .failed(sample: sample, objection)
            }
        }
        return proof.samples.count == chunks.count ? .passed : .failed(sample: chunks.count, nil)
    }

    /// The word that reports use.
    package var name: String {
        switch self {
        case .passed: "passed"
        case .failed: "failed"
        case .unreachable: "unreachable"
        case .pending: "pending"
        case .void: "void"
        }
    }
}
