package import Contracts
import Ethereum
import StorageModel

/// What a farmer asks, without the names and times that a sheet adds.
package struct FarmerPrices: Hashable, Sendable {
    /// In what the prices are named.
    package var denomination: PriceSheet.Denomination
    /// For 10¹² bytes over 720 hours, in the denomination's units.
    package var storage: UInt64
    /// For 10¹² bytes each.
    package var egress: UInt64
    package var repair: UInt64
    package var audit: UInt64

    /// Prices.
    package init(
        denomination: PriceSheet.Denomination, storage: UInt64, egress: UInt64, repair: UInt64, audit: UInt64
    ) {
        self.denomination = denomination
        self.storage = storage
        self.egress = egress
        self.repair = repair
        self.audit = audit
    }

    /// 1.50 $ a TB-month and 2 $ a TB.
    ///
    /// - Source: published rates since December 2023.
    package static let standard = FarmerPrices(
        denomination: .microUSD, storage: 1_500_000, egress: 2_000_000, repair: 2_000_000, audit: 2_000_000)

    /// The prices of a sheet.
    package init(_ sheet: PriceSheet) {
        self.init(
            denomination: sheet.denomination, storage: sheet.storageTBMonth, egress: sheet.egressTB,
            repair: sheet.repairTB, audit: sheet.auditTB)
    }

    /// Whether some price is above the other's; between dollars and STORJ nobody can tell, and that counts as a rise.
    package func rises(over old: FarmerPrices) -> Bool {
        denomination != old.denomination || storage > old.storage || egress > old.egress || repair > old.repair
            || audit > old.audit
    }

    /// Whether every price may stand in a sheet.
    package var isSound: Bool {
        [storage, egress, repair, audit].allSatisfy { $0 <= SignedPriceSheet.maximumPrice }
    }

    /// The sheet with names and times.
    func sheet(farmer: Address, node: NodeID, from: UInt64, until: UInt64, sequence: UInt64) -> PriceSheet {
        PriceSheet(
            farmer: farmer, node: node, denomination: denomination, storageTBMonth: storage, egressTB: egress,
            repairTB: repair, auditTB: audit, ingressTB: 0, validFrom: from, validUntil: until, sequence: sequence)
    }
}
