import Contracts
import Installation
import StorageNode

extension StorageNodeSettings {
    /// What the farmer asks, and what it puts up with.
    ///
    /// - Throws: `SettingsError.badValue`.
    mutating func readMoney(_ values: SettingsValues) throws {
        let traffic = try values.dollars("price.traffic")
        farming.firstPrices = FarmerPrices(
            denomination: .microUSD, storage: try values.dollars("price.storage"), egress: traffic, repair: traffic,
            audit: traffic)
        farming.notice = values.duration("farming.notice")
        farming.pauseAfter = max(1, values.number("farming.pause_after"))
        farming.drainAfter = max(farming.pauseAfter, values.number("farming.drain_after"))
        farming.quoteTolerance = UInt64(values.number("farming.quote_tolerance")) * 10
        farming.exposure = values.duration("farming.exposure")
        farming.claimFactor = UInt64(values.number("farming.claim_factor"))
        farming.minimumClaim = try values.tokens("farming.minimum_claim")
        farming.registrationInterval = max(.milliseconds(100), values.duration("farming.registration_interval"))
        farming.watchInterval = max(.milliseconds(100), values.duration("farming.watch_interval"))
        farming.maximumCollateral = try values.tokens("farming.maximum_collateral")
        customers.isOn = values.flag("farming.customers")
    }
}
