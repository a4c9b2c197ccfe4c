import DRPC
import Database
import Foundation
import Logging
import StorageModel
import WireMessages

extension Accounting {
    /// Days one answer holds at most.
    private static let maximumDays = 1000

    /// Adds what nodes ask about storage, prices and pay. Without books of pay nothing was paid, and that is what they are
    /// told.
    func registerStatistics(in router: inout RPCRouter, pay: (any PayBooks)?) {
        router.unary(NodeStatsMethods.dailyStorageUsage) { request, context in
            try await self.dailyStorageUsage(request, node: try Self.node(of: context))
        }
        router.unary(NodeStatsMethods.pricingModel) { _, context in
            let node = try Self.node(of: context)
            return try await self.answer(node) { try await pay?.prices(of: node) } ?? self.defaultPrices
        }
        router.unary(HeldAmountMethods.getPayStub) { request, context in
            let month = try Self.month(request.hasPeriod ? request.period : nil)
            let node = try Self.node(of: context)
            let stubs = try await self.answer(node) { try await pay?.paystubs(of: node) ?? [] }
            guard let stub = stubs.first(where: { $0.period.seconds == month }) else {
                throw RPCStatusError(.outOfRange, "no paystub for this period")
            }
            return stub
        }
        router.unary(HeldAmountMethods.getPayment) { request, context in
            let month = try Self.month(request.hasPeriod ? request.period : nil)
            let node = try Self.node(of: context)
            let payments = try await self.answer(node) { try await pay?.payments(of: node) ?? [] }
            guard let payment = payments.first(where: { $0.period.seconds == month }) else {
                throw RPCStatusError(.outOfRange, "no payment for this period")
            }
            return payment
        }
        router.unary(HeldAmountMethods.getAllPaystubs) { _, context in
            let node = try Self.node(of: context)
            var response = HeldAmount_GetAllPaystubsResponse()
            response.paystubs = try await self.answer(node) { try await pay?.paystubs(of: node) ?? [] }
            return response
        }
        router.unary(HeldAmountMethods.getAllPayments) { _, context in
            let node = try Self.node(of: context)
            var response = HeldAmount_GetAllPaymentsResponse()
            response.payments = try await self.answer(node) { try await pay?.payments(of: node) ?? [] }
            return response
        }
    }

    private var defaultPrices: NodeStats_PricingModelResponse {
        var response = NodeStats_PricingModelResponse()
        response.egressBandwidthPrice = settings.egressPrice
        response.repairBandwidthPrice = settings.repairPrice
        response.diskSpacePrice = settings.diskPrice
        response.auditBandwidthPrice = settings.auditPrice
        return response
    }

    /// The beginning of the month a moment lies in, in seconds; of an absent one the year 1.
    private static func month(_ period: Wire_Timestamp?) throws -> Int64 {
        do { return try Wire_Timestamp.value(period)?.startOfMonthSeconds ?? Timestamp.unsetSeconds } catch {
            throw RPCStatusError(.invalidArgument, "\(error)")
        }
    }

    /// What the books say; trouble of our own is none of the node's.
    private func answer<Value: Sendable>(_ node: NodeID, _ read: () async throws -> Value) async throws -> Value {
        do { return try await read() } catch {
            logger.error("books of pay cannot be read", metadata: ["node_id": "\(node)", "error": "\(error)"])
            throw RPCStatusError(.internal, "internal error")
        }
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
