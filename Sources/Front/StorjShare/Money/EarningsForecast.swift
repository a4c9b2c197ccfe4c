package import Contracts
package import StorageNode

/// What the next 30 days bring if everything stays as it is: what is stored now, and the traffic of the last days.
package struct EarningsForecast: Hashable, Sendable {
    /// Days that a month has, as prices mean it: 720 hours.
    package static let days: Int64 = 30

    /// In what the prices are named.
    package let denomination: PriceSheet.Denomination
    /// What each kind brings, micro-dollars or base units.
    package let storage: UInt64
    package let egress: UInt64
    package let repair: UInt64
    package let audit: UInt64
    /// The days of traffic it is made from.
    package let trafficDays: Int64

    /// The sum.
    package var total: UInt64 { [storage, egress, repair, audit].reduce(0) { $0 &+ $1 } }

    /// A forecast; nil when it is more money than there can be.
    ///
    /// - Parameters:
    ///   - prices: what is asked.
    ///   - storedBytes: content, as satellites count it.
    ///   - traffic: rows of the last days.
    ///   - days: how many days these are, 1 at least.
    package init?(prices: FarmerPrices, storedBytes: Int64, traffic: [TrafficRow], days: Int64) {
        let days = max(1, days)
        func sum(_ actions: Set<Int32>) -> UInt64 {
            let bytes = traffic.filter { actions.contains($0.action) }.reduce(Int64(0)) { $0 &+ $1.bytes }
            return UInt64(clamping: UInt128(UInt64(clamping: bytes)) * UInt128(Self.days) / UInt128(days))
        }
        guard
            let storage = Pay.worth(
                .storage, price: prices.storage, bytes: UInt64(clamping: storedBytes), seconds: Pay.secondsPerMonth),
            let egress = Pay.worth(.egress, price: prices.egress, bytes: sum([2]), seconds: 0),
            let audit = Pay.worth(.audit, price: prices.audit, bytes: sum([3]), seconds: 0),
            let repair = Pay.worth(.repair, price: prices.repair, bytes: sum([4]), seconds: 0)
        else { return nil }
        denomination = prices.denomination
        (self.storage, self.egress, self.repair, self.audit) = (storage, egress, repair, audit)
        trafficDays = days
    }
}
