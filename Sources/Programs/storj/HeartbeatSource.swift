import ClientCommands
import DRPC
import Foundation
import Heartbeats
import MarketCommands
import StorageModel
import WireMessages

/// Gets reports and evidence from a satellite, as anybody can.
struct HeartbeatSource {
    /// Bytes of a report or of evidence that are waited for at most.
    private static let maximumSize = 1 << 30

    /// Whom the connection was made to.
    let satellite: NodeID
    private let connection: any RPCConnection
    private let folder: URL?

    /// Connects and disconnects around a body.
    ///
    /// - Parameters:
    ///   - address: `ID@HOST:PORT`.
    ///   - save: where to keep what is fetched.
    /// - Throws: `CommandFailure`.
    static func with<Result>(
        _ address: String, save: String?, _ body: (HeartbeatSource) async throws -> Result
    ) async throws -> Result {
        let folder = save.map { URL(filePath: $0, directoryHint: .isDirectory) }
        if let folder { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
        return try await StrangerConnection.with(address) { url, connection, _ in
            try await body(HeartbeatSource(satellite: url.id, connection: connection, folder: folder))
        }
    }

    /// The name under which a node's evidence is kept.
    static func name(_ node: NodeID) -> String { "\(node).evidence" }

    /// A period's report; of the newest published one without a number.
    func report(_ period: UInt64?) async throws -> [UInt8] {
        var request = Heartbeat_GetReportRequest()
        if let period {
            request.period = period
        } else {
            let newest = try await connection.call(HeartbeatReportMethods.listPeriods, Heartbeat_ListPeriodsRequest())
            guard let published = newest.periods.first(where: { !$0.reportRoot.isEmpty }) else {
                throw CommandFailure(.notFound, "the satellite has not published a report yet")
            }
            request.period = published.period
        }
        return try keep(try await file(HeartbeatReportMethods.getReport, request), "report")
    }

    /// The evidence of a node in a report; nil when the satellite has none any more.
    func evidence(of node: NodeID, _ report: [UInt8]) async throws -> [UInt8]? {
        var request = Heartbeat_GetEvidenceRequest()
        request.period = try HeartbeatReport(encoded: report).period.number
        request.nodeID = Data(node.bytes)
        do {
            return try keep(try await file(HeartbeatReportMethods.getEvidence, request), Self.name(node))
        } catch let error as RPCStatusError where error.code == .notFound {
            return nil
        }
    }

    private func keep(_ bytes: [UInt8], _ name: String) throws -> [UInt8] {
        if let folder { try Data(bytes).write(to: folder.appending(path: name), options: .atomic) }
        return bytes
    }

    private func file<Request: WireMessage>(
        _ method: RPCMethod<Request, Heartbeat_FilePart>, _ request: Request
    ) async throws -> [UInt8] {
        try await connection.withStream(method) { stream in
            try await stream.send(request)
            stream.closeSend()
            var bytes: [UInt8] = []
            while let part = try await stream.receive() {
                bytes += part.content
                guard bytes.count <= Self.maximumSize else {
                    throw CommandFailure(.failure, "the satellite sends more than any report has")
                }
            }
            return bytes
        }
    }
}
