import Foundation
import StorageModel
import StorageNode

/// What is the matter with a node.
struct HealthAnswer: Encodable {
    struct Finding: Encodable {
        let kind: String
        let severity: String
        let sentence: String
        let advice: String
        let path: String
    }

    let sentence: String
    /// good, notice, warning or broken.
    let state: String
    let findings: [Finding]

    init(_ snapshot: NodeSnapshot) {
        let findings = HealthJudge.findings(of: snapshot)
        sentence = HealthJudge.sentence(findings, of: snapshot)
        state = findings.first?.severity.name ?? "good"
        self.findings = findings.map {
            Finding(kind: $0.kind, severity: $0.severity.name, sentence: $0.sentence, advice: $0.advice, path: $0.path)
        }
    }
}

/// What moved in a span.
struct TrafficAnswer: Encodable {
    let satellite: String
    let start: Date
    /// upload, download, audit, repair_download or repair_upload.
    let purpose: String
    let bytes: Int64
    let transfers: Int64

    init(_ row: TrafficRow) {
        satellite = "\(row.satellite)"
        start = Date(timeIntervalSince1970: TimeInterval(row.start))
        purpose =
            switch row.action {
            case 1: "upload"
            case 2: "download"
            case 3: "audit"
            case 4: "repair_download"
            case 5: "repair_upload"
            default: "other"
            }
        bytes = row.bytes
        transfers = row.transfers
    }
}

/// What was stored in a span.
struct SpaceAnswer: Encodable {
    let satellite: String
    let start: Date
    let byteHours: Int64
    let contentBytes: Int64
    let liveBytes: Int64
    let trashBytes: Int64
    let pieces: Int64

    init(_ row: SpaceRow) {
        satellite = "\(row.satellite)"
        start = Date(timeIntervalSince1970: TimeInterval(row.start))
        byteHours = row.byteHours
        contentBytes = row.content
        liveBytes = row.live
        trashBytes = row.trash
        pieces = row.pieces
    }
}

/// How long the node ran in a span.
struct UptimeAnswer: Encodable {
    let start: Date
    let seconds: Int64
    let reachedSeconds: Int64

    init(_ row: UptimeRow) {
        start = Date(timeIntervalSince1970: TimeInterval(row.start))
        seconds = row.seconds
        reachedSeconds = row.reached
    }
}

/// What a satellite said on a day.
struct ReputationAnswer: Encodable {
    let satellite: String
    let day: Date
    let audits: Int64
    let successes: Int64
    let auditScore: Double
    let suspensionScore: Double
    let onlineScore: Double
    let isVetted: Bool
    let isSuspended: Bool
    let isDisqualified: Bool

    init(_ row: ReputationRow) {
        satellite = "\(row.satellite)"
        day = Date(timeIntervalSince1970: TimeInterval(row.start))
        audits = row.audits
        successes = row.successes
        auditScore = Double(row.auditScore) / 1e6
        suspensionScore = Double(row.unknownScore) / 1e6
        onlineScore = Double(row.onlineScore) / 1e6
        isVetted = row.vettedAt != nil
        isSuspended = row.suspendedAt != nil || row.offlineSuspendedAt != nil
        isDisqualified = row.disqualifiedAt != nil
    }
}
