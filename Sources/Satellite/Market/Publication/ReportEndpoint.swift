import DRPC
import Database
import Foundation
import Heartbeats
import Identity
import StorageModel
import WireMessages

/// Hands out what strangers need to check a satellite's heartbeats.
struct ReportEndpoint: Sendable {
    /// Bytes of one part of a file.
    static let partSize = 256 << 10
    /// Periods in one answer.
    static let maximumPeriodCount = 1000

    let database: Database
    let folder: HeartbeatFolder

    func register(in router: inout RPCRouter) {
        router.unary(HeartbeatReportMethods.listPeriods) { request, _ in try await listPeriods(request) }
        router.stream(HeartbeatReportMethods.getReport) { stream, _ in
            guard let request = try await stream.receive() else { return }
            guard try await period(request.period)?.state == .published,
                let bytes = try await Self.read(folder.report(request.period))
            else { throw RPCStatusError(.notFound, "no report of period \(request.period)") }
            try await Self.send(bytes) { try await stream.send($0) }
        }
        router.stream(HeartbeatReportMethods.getEvidence) { stream, _ in
            guard let request = try await stream.receive() else { return }
            guard let node = NodeID(request.nodeID) else {
                throw RPCStatusError(.invalidArgument, "a node id has \(NodeID.byteCount) bytes")
            }
            // Before the report is out, others could learn from it what they will be asked.
            guard try await period(request.period)?.state == .published,
                let bytes = try await Self.read(folder.evidence(node, period: request.period))
            else { throw RPCStatusError(.notFound, "no evidence of node \(node) in period \(request.period)") }
            try await Self.send(bytes) { try await stream.send($0) }
        }
        router.stream(HeartbeatReportMethods.getCommitted) { stream, context in
            guard let request = try await stream.receive() else { return }
            guard let node = context.peer?.id else {
                throw RPCStatusError(.unauthenticated, "a node shows its identity")
            }
            try await sendSet(of: node, period: request.period) { try await stream.send($0) }
        }
    }

    private func listPeriods(_ request: Heartbeat_ListPeriodsRequest) async throws -> Heartbeat_ListPeriodsResponse {
        let limit = request.limit == 0 ? 100 : Int(request.limit)
        guard (1...Self.maximumPeriodCount).contains(limit) else {
            throw RPCStatusError(.invalidArgument, "a limit is in 1...\(Self.maximumPeriodCount)")
        }
        let before = request.hasBefore ? Int64(clamping: request.before) : Int64.max
        let periods = try await database.read { try PeriodRecord.newest(before: before, limit: limit, in: $0) }
        var response = Heartbeat_ListPeriodsResponse()
        response.periods = periods.map(Self.summary)
        return response
    }

    private static func summary(_ period: PeriodRecord) -> Heartbeat_PeriodSummary {
        var summary = Heartbeat_PeriodSummary()
        summary.period = period.number
        summary.start = Wire_Timestamp(period.start)
        summary.end = Wire_Timestamp(period.end)
        summary.secretHash = Data(Beacon.secretHash(period.secret).bytes)
        summary.beacon = Data(period.beacon?.bytes ?? [])
        summary.reportRoot = Data(period.reportRoot?.bytes ?? [])
        summary.passed = UInt32(clamping: period.counts.passed)
        summary.failed = UInt32(clamping: period.counts.failed)
        summary.unreachable = UInt32(clamping: period.counts.unreachable)
        summary.pending = UInt32(clamping: period.counts.pending)
        summary.void = UInt32(clamping: period.counts.void)
        return summary
    }

    private func period(_ number: UInt64) async throws -> PeriodRecord? {
        try await database.read { try PeriodRecord.fetch(number, in: $0) }
    }

    /// Away from the event loop that calls handlers: disks may be slow.
    @concurrent private static func read(_ path: String) async throws -> [UInt8]? { try HeartbeatFolder.read(path) }

    private static func send(
        _ bytes: [UInt8], _ send: (Heartbeat_FilePart) async throws -> Void
    ) async throws {
        for start in stride(from: 0, to: bytes.count, by: partSize) {
            var part = Heartbeat_FilePart()
            part.content = Data(bytes[start..<min(start + partSize, bytes.count)])
            try await send(part)
        }
    }

    @concurrent private func sendSet(
        of node: NodeID, period: UInt64, _ send: (Heartbeat_FilePart) async throws -> Void
    ) async throws {
        let row = try await database.read { try NodeHeartbeat.fetch(node, period: period, in: $0) }
        guard let row, row.isCovered, let set = try? SetFile(path: folder.set(node, period: period)) else {
            throw RPCStatusError(.notFound, "no set of node \(node) in period \(period)")
        }
        let step = Self.partSize / SetRecord.size
        for first in stride(from: 0, to: set.pieceCount, by: step) {
            var part = Heartbeat_FilePart()
            part.content = Data(try set.records(first..<min(first + step, set.pieceCount)))
            try await send(part)
        }
    }
}
