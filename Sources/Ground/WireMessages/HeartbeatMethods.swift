/// What a satellite asks of a node that can prove possession. Our own; others answer that the method is unknown.
package enum HeartbeatMethods {
    /// Fixes what the node must have in a period.
    package static let commit = RPCMethod<Heartbeat_CommitRequest, Heartbeat_CommitResponse>(
        path: "/heartbeat.Heartbeat/Commit")
    /// Asks for chunks and their paths: one request, several messages of answers.
    package static let challenge = RPCMethod<Heartbeat_ChallengeRequest, Heartbeat_ChallengeResponse>(
        path: "/heartbeat.Heartbeat/Challenge")

    /// The names of all methods on the wire.
    package static let allPaths: [String] = [commit.path, challenge.path]
}

/// What a satellite publishes of its heartbeats, to anyone.
package enum HeartbeatReportMethods {
    /// The periods there are, newest first.
    package static let listPeriods = RPCMethod<Heartbeat_ListPeriodsRequest, Heartbeat_ListPeriodsResponse>(
        path: "/heartbeat.Reports/ListPeriods")
    /// The signed report of a period, in parts.
    package static let getReport = RPCMethod<Heartbeat_GetReportRequest, Heartbeat_FilePart>(
        path: "/heartbeat.Reports/GetReport")
    /// The evidence behind one verdict, in parts.
    package static let getEvidence = RPCMethod<Heartbeat_GetEvidenceRequest, Heartbeat_FilePart>(
        path: "/heartbeat.Reports/GetEvidence")
    /// The pieces the calling node is held to, in parts.
    package static let getCommitted = RPCMethod<Heartbeat_GetCommittedRequest, Heartbeat_FilePart>(
        path: "/heartbeat.Reports/GetCommitted")

    /// The names of all methods on the wire.
    package static let allPaths: [String] = [listPeriods.path, getReport.path, getEvidence.path, getCommitted.path]
}

/// What a satellite tells an object's owner about its pieces. Our own.
package enum HealthMethods {
    /// The health of an object's segments.
    package static let objectHealth = RPCMethod<Health_ObjectHealthRequest, Health_ObjectHealthResponse>(
        path: "/health.ObjectHealth/Get")

    /// The names of all methods on the wire.
    package static let allPaths: [String] = [objectHealth.path]
}

/// Bits by which a node says at check-in what it can do.
///
/// - Source: protocol document 3 §9.8: unknown bits below 2³¹ are kept and not interpreted.
package enum NodeFeatures {
    /// The node answers `HeartbeatMethods`.
    package static let heartbeats: UInt64 = 1 << 20
    /// The node answers `FarmerMethods`.
    package static let farmer: UInt64 = 1 << 21
}
