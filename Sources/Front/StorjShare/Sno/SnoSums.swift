import Contracts
import Foundation
package import StorageModel
package import StorageNode

/// Rows of a node's history in the shapes of the field's console.
package enum SnoSums {
    /// A month in UTC, seconds since 1970.
    package struct Month: Hashable, Sendable {
        package let start: Int64
        package let end: Int64

        /// The month a moment lies in, or the one `back` months before.
        package init(of now: Timestamp, back: Int = 0) {
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = .gmt
            let day = Date(timeIntervalSince1970: TimeInterval(now.seconds))
            let parts = calendar.dateComponents([.year, .month], from: day)
            var wanted = DateComponents(year: parts.year, month: (parts.month ?? 1) - back)
            start = Int64(calendar.date(from: wanted)?.timeIntervalSince1970 ?? 0)
            wanted.month = (wanted.month ?? 1) + 1
            end = Int64(calendar.date(from: wanted)?.timeIntervalSince1970 ?? 0)
        }

        /// Whether a row's start lies in it.
        package func contains(_ second: Int64) -> Bool { start <= second && second < end }
    }

    /// Storage by day, over all satellites of the rows.
    package static func storage(_ rows: [SpaceRow]) -> [Sno.StorageStamp] {
        days(rows, \.start).map { start, rows in
            let byteHours = rows.reduce(0.0) { $0 + Double($1.byteHours) }
            return Sno.StorageStamp(
                atRestTotal: byteHours, atRestTotalBytes: rows.reduce(0.0) { $0 + Double($1.content) }, intervalInHours: 24,
                intervalStart: Date(timeIntervalSince1970: TimeInterval(start)))
        }
    }

    /// Traffic by day, over all satellites of the rows.
    package static func bandwidth(_ rows: [TrafficRow]) -> [Sno.BandwidthDay] {
        days(rows, \.start).map { start, rows in
            var day = Sno.BandwidthDay(intervalStart: Date(timeIntervalSince1970: TimeInterval(start)))
            for row in rows {
                switch row.action {
                case 1: day.ingress.usage += row.bytes
                case 2: day.egress.usage += row.bytes
                case 3: day.egress.audit += row.bytes
                case 4: day.egress.repair += row.bytes
                case 5: day.ingress.repair += row.bytes
                default: break
                }
            }
            return day
        }
    }

    /// What went out and what came in.
    package static func sums(_ days: [Sno.BandwidthDay]) -> (egress: Int64, ingress: Int64) {
        days.reduce((0, 0)) { sum, day in
            (
                sum.0 + day.egress.repair + day.egress.audit + day.egress.usage,
                sum.1 + day.ingress.repair + day.ingress.usage
            )
        }
    }

    /// A month's pay by prices in micro-dollars for 10¹² bytes; 0 where prices are in STORJ and no dollars are known.
    ///
    /// - Parameter held: hundredths of the pay that are held back.
    package static func payout(
        _ month: Month, traffic: [TrafficRow], space: [SpaceRow], prices: FarmerPrices?, held: Double = 0
    ) -> Sno.PayoutMonth {
        let rows = traffic.filter { month.contains($0.start) }
        func bytes(_ actions: Set<Int32>) -> Int64 {
            rows.filter { actions.contains($0.action) }.reduce(0) { $0 + $1.bytes }
        }
        let byteMonths = space.filter { month.contains($0.start) }.reduce(0.0) { $0 + Double($1.byteHours) } / 720
        func cents(_ bytes: Double, _ price: UInt64?) -> Double {
            ((bytes / 1e12) * Double(price ?? 0) / 10_000 * 100).rounded() / 100
        }
        let usd = prices.flatMap { $0.denomination == .microUSD ? $0 : nil }
        let egress = cents(Double(bytes([2])), usd?.egress)
        let other = cents(Double(bytes([3])), usd?.audit) + cents(Double(bytes([4])), usd?.repair)
        let disk = cents(byteMonths, usd?.storage)
        let kept = (egress + other + disk) * held / 100
        return Sno.PayoutMonth(
            egressBandwidth: bytes([2]), egressBandwidthPayout: egress, egressRepairAudit: bytes([3, 4]),
            egressRepairAuditPayout: other, diskSpace: byteMonths, diskSpacePayout: disk, heldRate: held,
            payout: egress + other + disk - kept, held: kept)
    }

    private static func days<Row>(_ rows: [Row], _ start: (Row) -> Int64) -> [(Int64, [Row])] {
        Dictionary(grouping: rows, by: start).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
