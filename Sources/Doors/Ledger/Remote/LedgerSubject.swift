import Contracts
package import Ethereum
import StorageModel
import WireMessages

/// What somebody asks a ledger about, with the encoding of its answer: empty for nothing.
enum LedgerSubject: Sendable, Hashable {
    case balance(Address)
    case number(Address)
    case channel(Bytes32)
    case agreement(Bytes32)
    case beacon(UInt64)
    case payout(Address)
    case paid(PayoutKey)
    case credit(Address)

    /// Nil for a key that is none of its subject's.
    init?(_ request: Ledger_ReadRequest) {
        let key = Array(request.key)
        switch request.subject {
        case .balance:
            guard let owner = Address(key) else { return nil }
            self = .balance(owner)
        case .senderNumber:
            guard let sender = Address(key) else { return nil }
            self = .number(sender)
        case .channel:
            guard let id = Bytes32(key) else { return nil }
            self = .channel(id)
        case .agreement:
            guard let id = Bytes32(key) else { return nil }
            self = .agreement(id)
        case .beacon:
            guard let epoch = try? UInt64(encoded: key) else { return nil }
            self = .beacon(epoch)
        case .payout:
            guard let satellite = Address(key) else { return nil }
            self = .payout(satellite)
        case .paid:
            guard let satellite = Address(key.prefix(Address.byteCount)),
                let farmer = Address(key.dropFirst(Address.byteCount))
            else { return nil }
            self = .paid(PayoutKey(satellite: satellite, farmer: farmer))
        case .credit:
            guard let farmer = Address(key) else { return nil }
            self = .credit(farmer)
        case .UNRECOGNIZED: return nil
        }
    }

    var subject: Ledger_ReadRequest.Subject {
        switch self {
        case .balance: .balance
        case .number: .senderNumber
        case .channel: .channel
        case .agreement: .agreement
        case .beacon: .beacon
        case .payout: .payout
        case .paid: .paid
        case .credit: .credit
        }
    }

    var key: [UInt8] {
        switch self {
        case .balance(let address), .number(let address), .payout(let address), .credit(let address): address.bytes
        case .channel(let id), .agreement(let id): id.bytes
        case .beacon(let epoch): epoch.encoded
        case .paid(let key): key.satellite.bytes + key.farmer.bytes
        }
    }

    func value(in books: LedgerBooks) -> [UInt8] {
        switch self {
        case .balance(let owner): books.state.balances[owner]?.encoded ?? []
        case .number(let sender): books.number(of: sender).encoded
        case .channel(let id): books.state.channels[id]?.encoded ?? []
        case .agreement(let id): books.state.agreements[id]?.encoded ?? []
        case .beacon(let epoch): books.state.beacons[epoch]?.encoded ?? []
        case .payout(let satellite): books.state.payouts[satellite]?.encoded ?? []
        case .paid(let key): books.state.paid[key]?.encoded ?? []
        case .credit(let farmer): books.state.credits[farmer]?.encoded ?? []
        }
    }
}

/// An operation by its sender's name for it, and the sender where it is known.
struct OperationName: Sendable, Hashable {
    let id: OperationID
    let sender: Address?

    init(id: OperationID, sender: Address?) {
        self.id = id
        self.sender = sender
    }

    /// Thirty-two bytes, or a sender's twenty before them.
    init?(_ bytes: [UInt8]) {
        guard let id = OperationID(bytes.suffix(OperationID.byteCount)) else { return nil }
        let rest = bytes.dropLast(OperationID.byteCount)
        let sender = Address(rest)
        guard rest.isEmpty || sender != nil else { return nil }
        self.init(id: id, sender: sender)
    }

    var bytes: [UInt8] { (sender?.bytes ?? []) + id.bytes }
}

extension PlacedEvent: RLPValue {
    package var rlp: RLP {
        .list([
            event.rlp, place.height.rlp, place.hash.rlp, place.transaction.rlp, place.index.rlp, confirmations.rlp,
            time.rlp,
        ])
    }

    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "placed event", count: 7)
        let event = try fields.next(SettlementEvent.self)
        let place = EventPlace(
            height: try fields.next(), hash: try fields.next(), transaction: try fields.next(), index: try fields.next()
        )
        self.init(event: event, place: place, confirmations: try fields.next(), time: try fields.next())
    }
}
