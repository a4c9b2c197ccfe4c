package import Contracts
package import Ethereum
package import StorageModel

/// Tokens that arrived at an address of ours, on whatever ledger.
package struct DepositTransfer: Hashable, Sendable {
    /// Zero for our own ledger.
    package var chainID: UInt64
    package var height: UInt64
    package var blockHash: Bytes32
    package var transaction: Bytes32
    /// Tells transfers of a transaction apart; another one when the transaction is included again elsewhere.
    package var index: UInt64
    /// The token's contract; nil for our own ledger.
    package var token: Address?
    package var from: Address
    package var to: Address
    package var amount: TokenAmount
    /// The block's time, seconds since 1970.
    package var time: UInt64

    /// A transfer.
    package init(
        chainID: UInt64, height: UInt64, blockHash: Bytes32, transaction: Bytes32, index: UInt64, token: Address?,
        from: Address, to: Address, amount: TokenAmount, time: UInt64
    ) {
        self.chainID = chainID
        self.height = height
        self.blockHash = blockHash
        self.transaction = transaction
        self.index = index
        self.token = token
        self.from = from
        self.to = to
        self.amount = amount
        self.time = time
    }
}

/// What is new about transfers.
package enum DepositChange: Hashable, Sendable {
    case added(DepositTransfer)
    /// Its block is gone; the transaction may come back in another one. Only chain, block, transaction and index count.
    case retracted(chainID: UInt64, blockHash: Bytes32, transaction: Bytes32, index: UInt64)
}

/// What a reader of transfers has not seen yet.
package struct DepositPage: Hashable, Sendable {
    /// In the order in which they were learnt.
    package var changes: [DepositChange]
    /// Where to go on; equal to the cursor asked with when nothing is new.
    package var next: Int64
    /// The newest block: a transfer has `head − height + 1` confirmations.
    package var head: UInt64

    /// A page.
    package init(changes: [DepositChange], next: Int64, head: UInt64) {
        self.changes = changes
        self.next = next
        self.head = head
    }
}

/// A ledger as deposits come in on it.
package protocol DepositSource: Sendable {
    /// The token that is taken; nil on our own ledger.
    var token: Address? { get }
    /// Blocks, the transfer's included, after which a transfer counts here; nil leaves that to the settings.
    var confirmations: UInt64? { get }
    /// Looks for transfers to addresses from now on, durably.
    func watch(_ addresses: [Address]) async throws
    /// Looks at the ledger, then says what is new after a place; 0 is the beginning.
    func changes(after cursor: Int64, limit: Int) async throws -> DepositPage
}

extension DepositSource {
    package var confirmations: UInt64? { nil }
}

/// How deposits come in.
package struct DepositDoor: Sendable {
    /// The key all deposit addresses are children of. The one that spends them is elsewhere.
    package var key: ExtendedPublicKey
    package var source: any DepositSource
    /// Whether a transfer's sender is somebody no business is done with.
    package var policy: DepositPolicy

    /// A door.
    package init(key: ExtendedPublicKey, source: any DepositSource, policy: DepositPolicy = .accepting) {
        self.key = key
        self.source = source
        self.policy = policy
    }
}

/// Decides whose deposits are held back. What is held back is credited to a frozen account, until somebody releases it.
package struct DepositPolicy: Sendable {
    /// Why a transfer is held back; nil accepts it.
    package let objection: @Sendable (DepositTransfer) async throws -> String?

    /// A policy; one that throws decides later.
    package init(objection: @escaping @Sendable (DepositTransfer) async throws -> String?) { self.objection = objection }

    /// Takes everything.
    package static let accepting = DepositPolicy { _ in nil }

    /// Holds back what comes from a list of wallets.
    package static func refusing(_ wallets: Set<Address>) -> DepositPolicy {
        DepositPolicy { wallets.contains($0.from) ? "the sender is on the list of sanctioned wallets" : nil }
    }
}
