package import Ethereum
package import StorageModel

/// What a farmer asks for its service, signed and numbered: the newest one both sides had counts.
///
/// Prices are whole numbers of the denomination's smallest unit, per 10¹² bytes; a month has 720 hours.
///
/// - Source: economy design §4, §6.3.
package struct PriceSheet: Hashable, Sendable {
    /// In what a price is named.
    package enum Denomination: UInt8, Sendable {
        /// Millionths of a US dollar.
        case microUSD = 0
        /// Base units of STORJ.
        case storj = 1
    }

    package var farmer: Address
    package var node: NodeID
    package var denomination: Denomination
    /// For 10¹² bytes over 720 hours.
    package var storageTBMonth: UInt64
    /// For 10¹² bytes each.
    package var egressTB: UInt64
    package var repairTB: UInt64
    package var auditTB: UInt64
    package var ingressTB: UInt64
    /// Seconds since 1970.
    package var validFrom: UInt64
    package var validUntil: UInt64
    /// Grows from sheet to sheet.
    package var sequence: UInt64

    /// A sheet.
    package init(
        farmer: Address, node: NodeID, denomination: Denomination, storageTBMonth: UInt64, egressTB: UInt64,
        repairTB: UInt64, auditTB: UInt64, ingressTB: UInt64, validFrom: UInt64, validUntil: UInt64, sequence: UInt64
    ) {
        self.farmer = farmer
        self.node = node
        self.denomination = denomination
        self.storageTBMonth = storageTBMonth
        self.egressTB = egressTB
        self.repairTB = repairTB
        self.auditTB = auditTB
        self.ingressTB = ingressTB
        self.validFrom = validFrom
        self.validUntil = validUntil
        self.sequence = sequence
    }

    private static let type = TypedStruct(
        "PriceSheet",
        [("farmer", .value(.address)), ("node", .value(.fixedBytes(32))), ("denomination", .value(.uint(8)))]
            + ["storageTBMonth", "egressTB", "repairTB", "auditTB", "ingressTB", "validFrom", "validUntil", "sequence"].map {
                ($0, .value(.uint(64)))
            })

    /// What the farmer's key signs.
    package func digest(in domain: SigningDomain) -> Bytes32 {
        let numbers = [storageTBMonth, egressTB, repairTB, auditTB, ingressTB, validFrom, validUntil, sequence]
        do {
            return domain.digest(
                try Self.type.hash(
                    [.address(farmer), .word(node.storage), .uint(UInt64(denomination.rawValue))]
                        + numbers.map { .uint($0) }))
        } catch { preconditionFailure("the values are of the type's fields") }
    }
}
