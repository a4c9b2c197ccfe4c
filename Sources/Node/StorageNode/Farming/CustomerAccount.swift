import Contracts
import Identity
import StorageModel

/// What a node knows of a customer without a satellite. Kept on the disk.
struct CustomerAccount: Codable, Sendable {
    /// Its certificates, one after the other: nobody can be dialled for them.
    var certificates: [UInt8]
    /// What ties it to its wallet.
    var binding: [UInt8]
    /// From which it pays.
    var channel: [UInt8]
    /// Base units locked in the channel, when the ledger was asked last.
    var funded: UInt64
    /// When that was, in seconds since 1970.
    var checkedAt: Int64
    /// Whether the channel is being closed, or is.
    var isClosing: Bool
    /// The newest voucher.
    var voucher: [UInt8]?
    /// Base units it promises.
    var vouchered: UInt64 = 0
    /// Base units that traffic has cost in all.
    var cost: UInt64 = 0
    /// Bytes sent that are not yet in the cost.
    var unpricedBytes: UInt64 = 0
    /// Bytes sent that no voucher covers.
    var unpaidBytes: UInt64 = 0

    /// Base units no voucher covers.
    var owed: UInt64 { cost > vouchered ? cost - vouchered : 0 }
    /// Base units of the channel that are neither promised nor owed.
    var rest: UInt64 {
        let used = max(cost, vouchered)
        return funded > used ? funded - used : 0
    }
}
