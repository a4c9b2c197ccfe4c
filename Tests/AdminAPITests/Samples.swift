import AdminAPI
import Foundation

/// Answers as a satellite gives them.
enum Samples {
    /// 2026-11-22T12:00:00Z.
    static let now = Date(timeIntervalSince1970: 1_795_348_800)

    static func metrics(
        _ status: StatusAnswer, audits: AuditsAnswer = AuditsAnswer(), repair: RepairAnswer = RepairAnswer(),
        heartbeats: HeartbeatsAnswer = HeartbeatsAnswer()
    ) -> String {
        SatelliteMetrics(
            status: status, garbage: GarbageAnswer(nil), audits: audits, repair: repair, heartbeats: heartbeats
        ).text
    }

    static func decode<Value: Decodable>(_ json: String) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(Value.self, from: Data(json.utf8))
    }

    static func loop(end: String = "2026-11-22T11:30:00Z", failures: String = "{}") throws -> LoopAnswer {
        try decode(
            """
            {"isRunning":false,"segmentCount":7,"last":
            {"start":"2026-11-22T11:29:00Z","end":"\(end)","segmentCount":100,"failures":\(failures)}}
            """)
    }

    static func chore(
        _ name: String, error: String? = nil, isPaused: Bool = false, isOnDemand: Bool = false
    ) throws -> ChoreAnswer {
        try decode(
            """
            {"name":"\(name)","intervalSeconds":3600,"isPaused":\(isPaused),"isOnDemand":\(isOnDemand),"isRunning":false,"runCount":3,
            "failureCount":\(error == nil ? 0 : 1)\(error.map { ",\"lastError\":\"\($0)\"" } ?? "")}
            """)
    }

    static func nodes(online: Int, offline: Int = 0) -> StatusAnswer.Nodes {
        let json = """
            {"total":\(online + offline),"online":\(online),"offline":\(offline),"suspended":0,"exiting":0,"exited":0,
            "disqualified":0,"vetted":0,"contained":0,"freeDisk":0}
            """
        do { return try decode(json) } catch { preconditionFailure("\(error)") }
    }

    static func durability(lost: Int = 1, atRisk: Int = 3) -> DurabilityAnswer {
        var histogram = [Int](repeating: 0, count: 111)
        histogram[28] = lost
        histogram[30] = atRisk
        histogram[34] = 6
        histogram[80] = 90
        return DurabilityAnswer(
            asOf: now, segmentCount: 120, inlineCount: 10,
            classes: [
                .init(
                    redundancy: (29, 35, 80, 110), placement: 0, segments: 96 + lost + atRisk, bytes: 64 << 20, healthy: 90,
                    retrievable: 6, atRisk: atRisk, lost: lost, missingPieces: 500, expectedLosses: 0.001,
                    expectedSurvival: 0.99999, histogram: histogram),
                .init(
                    redundancy: (4, 6, 8, 10), placement: 3, segments: 10, bytes: 1, healthy: 10, retrievable: 0, atRisk: 0,
                    lost: 0, missingPieces: 0, expectedLosses: 0, expectedSurvival: 1,
                    histogram: [0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0]),
            ])
    }
}
