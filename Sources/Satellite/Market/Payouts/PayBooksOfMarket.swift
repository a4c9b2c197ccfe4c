import Accounting
import Contracts
import Database
import Foundation
import Ledger
import StorageModel
import Upkeep
import WireMessages

/// What nodes are told about prices and pay when they ask as nodes of the field do.
///
/// - Source: protocol document 3 §7.2, §7.3.
struct PayBooksOfMarket: PayBooks {
    /// Micro-dollars of a cent.
    private static let microPerCent: UInt64 = 10_000

    let parts: UpkeepParts
    let payment: PaymentParts
    let settings: PaymentSettings

    private var months: MonthMaker { MonthMaker(parts: parts, payment: payment, withholding: settings.withholding) }

    /// The sheet in force, or the default prices; cents, rounded down.
    func prices(of node: NodeID) async throws -> NodeStats_PricingModelResponse? {
        let now = UInt64(clamping: parts.clock.now().seconds)
        let sheet = try await parts.database.read { try SheetBook.fetch(node, in: $0).inForce(at: now)?.signed.sheet }
        var prices = NodeStats_PricingModelResponse()
        guard let sheet else {
            let defaults = settings.nodePrices
            prices.diskSpacePrice = Self.cents(defaults.storageTBMonth)
            prices.egressBandwidthPrice = Self.cents(defaults.egressTB)
            prices.repairBandwidthPrice = Self.cents(defaults.repairTB)
            prices.auditBandwidthPrice = Self.cents(defaults.auditTB)
            return prices
        }
        let quote = try await payment.quotes.quote(at: now)
        func cents(_ kind: ServiceKind) -> Int64? {
            switch sheet.denomination {
            case .microUSD: Self.cents(sheet.price(of: kind))
            case .storj: quote?.usd(for: TokenAmount(sheet.price(of: kind))).map { Self.cents(UInt64(clamping: $0.micro)) }
            }
        }
        guard let storage = cents(.storage), let egress = cents(.egress), let repair = cents(.repair), let audit = cents(.audit)
        else { return nil }
        prices.diskSpacePrice = storage
        prices.egressBandwidthPrice = egress
        prices.repairBandwidthPrice = repair
        prices.auditBandwidthPrice = audit
        return prices
    }

    private static func cents(_ micro: UInt64) -> Int64 { Int64(clamping: micro / microPerCent) }

    func paystubs(of node: NodeID) async throws -> [HeldAmount_GetPayStubResponse] {
        try await months.months(of: node).compactMap(Self.paystub)
    }

    func payments(of node: NodeID) async throws -> [HeldAmount_GetPaymentResponse] {
        let kind = payment.backend.description.kind == .ethereum ? "eth" : "ledger"
        return try await months.months(of: node).compactMap { Self.payment($0, kind) }
    }

    private static func paystub(_ month: PaidMonth) -> HeldAmount_GetPayStubResponse? {
        guard let dollars = month.dollars else { return nil }
        let statement = month.statement
        var earned: Int64 = 0
        var worth: [ServiceKind: Int64] = [:]
        for service in statement.services {
            guard let micro = service.worth?.micro else { return nil }
            worth[service.kind] = micro
            earned += micro
        }
        func bytes(_ kind: ServiceKind) -> Int64 { Int64(clamping: statement.usage(kind)) }
        var stub = HeldAmount_GetPayStubResponse()
        stub.period = Wire_Timestamp(Timestamp(microseconds: statement.month.start * 1_000_000))
        stub.nodeID = Data(statement.node.bytes)
        stub.createdAt = Wire_Timestamp(Timestamp(microseconds: Int64(clamping: statement.createdAt) * 1_000_000))
        stub.codes = PayoutCode.text(statement.codes)
        stub.usageAtRest = Double(statement.service(.storage)?.quantity ?? 0) / 3600
        stub.usageGet = bytes(.egress)
        stub.usagePut = bytes(.ingress)
        stub.usageGetRepair = bytes(.repair)
        stub.usageGetAudit = bytes(.audit)
        stub.compAtRest = worth[.storage] ?? 0
        stub.compGet = worth[.egress] ?? 0
        stub.compPut = worth[.ingress] ?? 0
        stub.compGetRepair = worth[.repair] ?? 0
        stub.compGetAudit = worth[.audit] ?? 0
        stub.held = dollars.held
        stub.owed = earned - dollars.held
        stub.disposed = dollars.disposed
        stub.paid = dollars.paid
        stub.distributed = dollars.distributed
        return stub
    }

    private static func payment(_ month: PaidMonth, _ kind: String) -> HeldAmount_GetPaymentResponse? {
        let statement = month.statement
        guard let dollars = month.dollars, let receipt = statement.receipts.last else { return nil }
        var payment = HeldAmount_GetPaymentResponse()
        payment.nodeID = Data(statement.node.bytes)
        payment.createdAt = Wire_Timestamp(Timestamp(microseconds: Int64(clamping: receipt.time) * 1_000_000))
        payment.period = Wire_Timestamp(Timestamp(microseconds: statement.month.start * 1_000_000))
        payment.amount = dollars.distributed
        payment.receipt = "\(kind):0x\(Hexadecimal.encode(receipt.transaction.bytes))"
        payment.notes = "\(statement.distributed) STORJ in \(statement.receipts.count) payments"
        payment.id = Int64(statement.month.number)
        return payment
    }
}
