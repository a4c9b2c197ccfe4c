package import StorageModel

/// What is wrong with a report or with the evidence behind one of its lines.
package enum ReportObjection: Hashable, Sendable, CustomStringConvertible {
    /// The certificates in the report are none.
    case malformedIdentity
    /// The report is another satellite's.
    case otherSatellite(NodeID)
    /// The signature is not the satellite's, or the report was altered after it was signed.
    case wrongSignature
    /// The secret is not the one that was announced to the nodes before they signed.
    case otherSecret
    /// A line is of another period.
    case otherPeriod(NodeID)
    /// The samples do not derive from the beacon.
    case wrongSeed(NodeID)
    /// A verdict was given although there was no beacon.
    case verdictWithoutBeacon(NodeID)
    /// A verdict that is not one: the period is over.
    case unfinished(NodeID)
    /// A line names evidence that its verdict does not have, or the other way round.
    case evidenceDoesNotFitVerdict(NodeID)
    /// The evidence is not what the report names.
    case otherEvidence(NodeID)
    /// The node did not sign what the line says that it signed.
    case wrongCommitment(NodeID)
    /// The evidence leads to another verdict.
    case wrongVerdict(NodeID, reported: HeartbeatVerdict, found: HeartbeatVerdict)

    package var description: String {
        switch self {
        case .malformedIdentity: "the report carries no valid identity of a satellite"
        case .otherSatellite(let id): "the report is by another satellite, \(id)"
        case .wrongSignature: "the satellite did not sign this: the report was altered"
        case .otherSecret: "the published secret is not the one that was announced before nodes signed"
        case .otherPeriod(let node): "the line of node \(node) is of another period"
        case .wrongSeed(let node): "the samples of node \(node) do not follow from the beacon"
        case .verdictWithoutBeacon(let node): "node \(node) has a verdict although there was no beacon"
        case .unfinished(let node): "node \(node) has no final verdict"
        case .evidenceDoesNotFitVerdict(let node): "the line of node \(node) has a verdict that does not go with its evidence"
        case .otherEvidence(let node): "the evidence of node \(node) is not what the report names: one of them was altered"
        case .wrongCommitment(let node): "node \(node) did not sign what the report says that it signed"
        case .wrongVerdict(let node, let reported, let found):
            "node \(node): the report says \(reported.text), the evidence shows \(found.text)"
        }
    }
}

extension HeartbeatVerdict {
    /// The verdict in words.
    package var text: String {
        switch self {
        case .failed(let sample, .otherSet): "failed (sample \(sample): the piece is not in the committed set)"
        case .failed(let sample, .otherPiece): "failed (sample \(sample): the chunk lies in another piece)"
        case .failed(let sample, .otherContent): "failed (sample \(sample): not the bytes that were stored)"
        case .failed(let sample, nil): "failed (sample \(sample): no answer or one too many)"
        default: name
        }
    }
}
