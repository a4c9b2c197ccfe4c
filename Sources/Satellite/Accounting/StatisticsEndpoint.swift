import DRPC
import Database
import Foundation
import Logging
import StorageModel
import WireMessages

extension Accounting {
    /// Days one answer holds at most.
    private static let maximumDays = 1000

    /// Adds what nodes ask about storage, prices and pay. Nothing was paid yet, and that is what they are told.
    func registerStatistics(in router: inout RPCRouter) {
        router.unary(NodeStatsMethods.dailyStorageUsage) { request, context in
            try await self.dailyStorageUsage(request, node: try Self.node(of: context))
        }
        router.unary(NodeStatsMethods.pricingModel) { _, _ in
            var response = NodeStats_PricingModelResponse()
            response.egressBandwidthPrice = self.settings.egressPrice
            response.repairBandwidthPrice = self.settings.repairPrice
            response.diskSpacePrice = self.settings.diskPrice
            response.auditBandwidthPrice = self.settings.auditPrice
            return response
        }
        router.unary(HeldAmountMethods.getPayStub) { _, _ in
            throw RPCStatusError(.outOfRange, "no paystub for this period")
        }
        router.unary(HeldAmountMethods.getPayment) { _, _ in
            throw RPCStatusError(.outOfRange, "no payment for this period")
        }
        router.unary(HeldAmountMethods.getAllPaystubs) { _, _ in HeldAmount_GetAllPaystubsResponse() }
        router.unary(HeldAmountMethods.getAllPayments) { _, _ in HeldAmount_GetAllPaymentsResponse() }
    }

    private func dailyStorageUsage(
        _ request: NodeStats_DailyStorageUsageRequest, node: NodeID
    ) async throws -> NodeStats_DailyStorageUsageResponse {
        let days: [NodeStats_DailyStorageUsageResponse.StorageUsage]
        do {
            let from = try Wire_Timestamp.value(request.hasFrom ? request.from : nil)?.startOfDaySeconds ?? 0
            let to = try Wire_Timestamp.value(request.hasTo ? request.to : nil)?.seconds ?? Timestamp.limitSeconds
            days = try await self.days(of: node, from: from, to: to)
        } catch let error as WireMessageError {
            throw RPCStatusError(.invalidArgument, "\(error)")
        } catch {
            logger.error("storage usage cannot be read", metadata: ["node_id": "\(node)", "error": "\(error)"])
            throw RPCStatusError(.internal, "internal error")
        }
        var response = NodeStats_DailyStorageUsageResponse()
        response.nodeID = Data(node.bytes)
        response.dailyStorageUsage = days
        return response
    }

    private func days(
        of node: NodeID, from: Int64, to: Int64
    ) async throws -> [NodeStats_DailyStorageUsageResponse.StorageUsage] {
        let limit = Self.maximumDays
        let rows = try await database.read { session in
            try session.query(
                """
                SELECT day, at_rest_total, interval_end FROM accounting_rollups
                WHERE node_id = ?1 AND day >= ?2 AND day <= ?3 ORDER BY day LIMIT ?4
                """, [SQLValue(node), SQLValue(from), SQLValue(to), SQLValue(limit)]
            ) { (Timestamp(microseconds: $0.integer(0) * 1_000_000), $0.real(1), $0.timestamp(2)) }
        }
        return rows.map { day, byteHours, end in
            var usage = NodeStats_DailyStorageUsageResponse.StorageUsage()
            usage.atRestTotal = byteHours
            usage.timestamp = Wire_Timestamp(day)
            usage.intervalEndTime = Wire_Timestamp(end)
            return usage
        }
    }
}
