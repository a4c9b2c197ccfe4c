package import Contracts
package import Ethereum
package import StorageModel

/// The first line of a ledger's log: who keeps it, since when, and what its beacons were fixed by.
package struct LedgerGenesis: Hashable, Sendable {
    /// What the line begins with after its kind.
    private static let title = "storj ledger"
    private static let version: UInt64 = 1

    /// Who keeps the ledger, puts money in and signs blocks.
    package let operatorAddress: Address
    /// Seconds since 1970.
    package let time: UInt64
    /// The end of the chain of secrets that beacons will be drawn with.
    package let anchor: Bytes32
    /// Secrets in that chain, and in each that follows it.
    package let secretCount: UInt32
    /// Tells ledgers of one operator apart.
    package let salt: Bytes32

    /// Secrets in a chain at most.
    package static let maximumSecretCount: UInt32 = 1 << 20

    /// The hash of the line.
    package var hash: Bytes32 { LedgerLine.hash(LedgerLine.genesis(self).encoded, after: Bytes32()) }

    /// The account that stands for the ledger: money that is locked belongs to it, and its signatures count there only.
    ///
    /// - Parameter hash: of the genesis line.
    package static func address(hash: Bytes32) -> Address { Address(padded: hash) }

    /// Where signatures count.
    package static func domains(hash: Bytes32) -> SettlementDomains {
        let address = address(hash: hash)
        return SettlementDomains(chainID: 0, channels: address, agreements: address, payouts: address)
    }

    init(operatorAddress: Address, time: UInt64, anchor: Bytes32, secretCount: UInt32, salt: Bytes32) {
        self.operatorAddress = operatorAddress
        self.time = time
        self.anchor = anchor
        self.secretCount = secretCount
        self.salt = salt
    }

    var fields: [RLP] {
        [Self.title.rlp, Self.version.rlp, operatorAddress.rlp, time.rlp, anchor.rlp, secretCount.rlp, salt.rlp]
    }

    init(_ fields: inout RLPFields) throws(EthereumError) {
        guard try fields.next(String.self) == Self.title else { throw .malformed("genesis: not a ledger") }
        let version = try fields.next(UInt64.self)
        guard version == Self.version else { throw .malformed("genesis: version \(version)") }
        operatorAddress = try fields.next()
        time = try fields.next()
        anchor = try fields.next()
        secretCount = try fields.next()
        salt = try fields.next()
        guard (1...Self.maximumSecretCount).contains(secretCount) else { throw .outOfRange("genesis: secrets") }
    }
}
