import Accounting
package import Accounts
package import Contracts
import StorageModel

/// What a customer used, as lines of an invoice: tallies and settled orders times prices, in whole numbers.
package struct UsageMeter: Sendable {
    private let parts: BillingParts
    private let settings: BillingSettings
    private let partners: PartnerBook

    init(parts: BillingParts, settings: BillingSettings, partners: PartnerBook) {
        self.parts = parts
        self.settings = settings
        self.partners = partners
    }

    private struct Bucket: Hashable {
        let project: Bytes16
        let name: [UInt8]
    }

    private struct Usage {
        var byteSeconds: UInt128 = 0
        var segmentSeconds: UInt128 = 0
        var egressBytes: UInt128 = 0
        var placement: Int32 = 0
        var partner = ""
    }

    /// The lines of a month, or of its part that is over, by project, bucket and kind; lines of nothing are left out.
    ///
    /// - Throws: `DatabaseError`; `BillingError.outOfRange`.
    package func lines(of user: UserID, month: BillingMonth) async throws -> [InvoiceLine] {
        let products = try await partners.products()
        var usage: [Bucket: Usage] = [:]
        for project in try await parts.accounts.projects() where project.ownerID == user {
            try await add(project, month, products, to: &usage)
        }
        return try usage.sorted { ($0.key.project, $0.key.name) < ($1.key.project, $1.key.name) }.flatMap(lines)
    }

    private func add(
        _ project: Project, _ month: BillingMonth, _ products: [String: String], to usage: inout [Bucket: Usage]
    ) async throws {
        func bucket(_ name: [UInt8]) -> Bucket { Bucket(project: project.publicID.storage, name: name) }
        for tally in try await parts.accounting.tallies(from: month.start, to: month.end, project: project.id) {
            let seconds = UInt128(max(0, tally.end - tally.start))
            usage[bucket(tally.bucket), default: Usage()].byteSeconds += UInt128(max(0, tally.bytes)) * seconds
            usage[bucket(tally.bucket), default: Usage()].segmentSeconds += UInt128(max(0, tally.segments)) * seconds
        }
        for egress in try await parts.accounting.egress(from: month.start, to: month.end, project: project.id) {
            usage[bucket(egress.bucket), default: Usage()].egressBytes += UInt128(max(0, egress.bytes))
        }
        for attribution in try await parts.accounting.attributions(project: project.id) {
            usage[bucket(attribution.bucket)]?.placement = attribution.placement
            usage[bucket(attribution.bucket)]?.partner = PartnerBook.partner(of: attribution.userAgent, products) ?? ""
        }
    }

    private func lines(_ bucket: Bucket, _ usage: Usage) throws -> [InvoiceLine] {
        let prices = settings.placementPrices[usage.placement] ?? settings.prices
        let amounts: [(InvoiceLine.Kind, UInt128, UsagePrice)] = [
            (.storage, usage.byteSeconds, .storage(microUSDPerTBMonth: prices.storageTBMonth)),
            (.egress, usage.egressBytes, .egress(microUSDPerTB: prices.egressTB)),
            (.segments, usage.segmentSeconds, .segments(microUSDPerMillionMonths: prices.millionSegmentMonth)),
        ]
        return try amounts.filter { $0.1 > 0 }.map { kind, quantity, price in
            let line = InvoiceLine(
                kind, project: bucket.project, bucket: bucket.name, placement: UInt32(bitPattern: usage.placement),
                partner: usage.partner, quantity: quantity, price: price)
            guard let line else { throw BillingError(.outOfRange, "the usage of a bucket costs more than can be counted") }
            return line
        }
    }
}

/// Compares as tuples do, of values the standard library has no tuples for.
private func < (left: (Bytes16, [UInt8]), right: (Bytes16, [UInt8])) -> Bool {
    left.0 != right.0 ? left.0 < right.0 : left.1.lexicographicallyPrecedes(right.1)
}
