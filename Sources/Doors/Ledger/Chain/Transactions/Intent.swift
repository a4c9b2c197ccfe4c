import Contracts
import Ethereum
import StorageModel

/// Something a key wants done on a chain, whatever transactions that takes.
///
/// ```
/// queued ──► sent(nonce) ──► included ──► final
///    │          ▲   │            │
///    │          └───┼── reorg ───┘
///    └► failed      └─► cancelled (by a transfer to oneself with the same nonce)
/// ```
///
/// - Source: economy design §8, transaction.
struct Intent: Hashable, Sendable {
    /// Where it stands; the numbers are kept, those below `final` are worked on.
    enum State: Int64, Sendable {
        case queued = 0
        case sent = 1
        case included = 2
        case final = 3
        case failed = 4
        case cancelled = 5
    }

    /// Where it was mined.
    struct Inclusion: Hashable, Sendable {
        var transaction: Bytes32
        var height: UInt64
        var blockHash: Bytes32
        var isSuccess: Bool
    }

    /// Among all intents, in the order they came.
    var position: Int64 = 0
    var id: Bytes32
    var sender: Address
    /// Nil makes a contract.
    var receiver: Address?
    var data: [UInt8]
    /// What the receiver takes of the sender's money by allowance.
    var taken = TokenAmount.zero
    /// Whether it can wait for a smaller fee.
    var isPatient = false
    /// Channels whose closing ends all patience.
    var channels: [Bytes32] = []
    /// What has to be in a block before.
    var predecessor: Bytes32?
    var state = State.queued
    var nonce: UInt64?
    var inclusion: Inclusion?
    /// Why it failed, or why it waits.
    var reason: String?

    /// A call.
    init(id: Bytes32, sender: Address, call: ContractCall) {
        self.id = id
        self.sender = sender
        receiver = call.contract
        data = call.data
        taken = call.taken ?? .zero
        isPatient = call.isPatient
        channels = call.claimed
    }

    /// Any transaction; without a receiver it makes a contract.
    init(id: Bytes32, sender: Address, receiver: Address?, data: [UInt8]) {
        self.id = id
        self.sender = sender
        self.receiver = receiver
        self.data = data
    }

    /// Whether another one would do the same.
    func isSame(as other: Intent) -> Bool {
        sender == other.sender && receiver == other.receiver && data == other.data
    }
}

/// A transaction made for an intent. All of an intent have the same nonce: one of them is mined at most.
struct Attempt: Hashable, Sendable {
    let hash: Bytes32
    /// As it goes to a node.
    let raw: [UInt8]
    /// Wei a unit of gas at most, in all and for the includer.
    let fee: UInt64
    let tip: UInt64
    /// The head when it was made.
    let height: UInt64
    /// Whether it does nothing, in the intent's place.
    let cancels: Bool
    /// Whether the network had it when it was last asked.
    var isAccepted: Bool
}
