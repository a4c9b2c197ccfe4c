import ConsoleKit
import Contracts
import Ethereum
import Foundation
import PieceStore
import StorageModel
import StorageNode

/// What a farm's view shows of one node: small, versioned by its fields' presence, read strictly.
struct FarmLine: Codable, Hashable, Sendable {
    var id: String
    var sentence: String
    /// good, notice, warning or broken.
    var state: String
    var allocatedBytes: Int64
    var usedBytes: Int64
    var contentBytes: Int64
    var trashBytes: Int64
    var freeBytes: Int64
    /// Of the last 30 days.
    var sentBytes: Int64
    var receivedBytes: Int64
    /// Base units of STORJ; nil for a node that is not paid.
    var monthUnits: UInt64?
    var claimableUnits: UInt64?
    /// Storage for a TB-month, in millionths of a dollar or base units.
    var storagePrice: UInt64?
    var isDollars: Bool?
    var satellites: Int
    var reachedSatellites: Int
    var version: String
}

extension StorjShare {
    /// This node as a line of a farm.
    func farmLine() async throws -> FarmLine {
        let snapshot = try await desk.snapshot()
        let (status, findings) = (snapshot.status, HealthJudge.findings(of: snapshot))
        let day = HistorySpan.day.start(of: snapshot.takenAt)
        let sums = TrafficSums(try await node.history.traffic(.day, from: day - 29 * 86400))
        let month = Timestamp(microseconds: SnoSums.Month(of: snapshot.takenAt).start * 1_000_000)
        let pay = try await node.farmer?.book.payByDay(from: month)
        let active = status.satellites.filter(\.isActive)
        return FarmLine(
            id: "\(status.id)", sentence: HealthJudge.sentence(findings, of: snapshot),
            state: findings.first?.severity.name ?? "good", allocatedBytes: status.allocatedSpace,
            usedBytes: status.usage.totalBytes, contentBytes: status.usage.contentBytes,
            trashBytes: status.usage.trashBytes, freeBytes: status.freeSpace, sentBytes: sums.sent,
            receivedBytes: sums.received,
            monthUnits: pay.map { $0.reduce(TokenAmount.zero) { $0.adding($1.amount) ?? $0 }.units },
            claimableUnits: snapshot.money.map { $0.channels.reduce(TokenAmount.zero) { $0.adding($1.claimable) ?? $0 }.units },
            storagePrice: snapshot.money?.sheet?.sheet.storageTBMonth,
            isDollars: snapshot.money?.sheet.map { $0.sheet.denomination == .microUSD }, satellites: active.count,
            reachedSatellites: active.filter { $0.contact.problem == nil && $0.contact.succeededAt != nil }.count,
            version: status.version)
    }
}
