import Contracts
import Ethereum
import StorageModel

extension SettlementEvent {
    /// What happened by the line a contract wrote; nil for lines that are none of our events.
    ///
    /// - Throws: `LedgerError.malformed` for a line that bears the name of one of our events and is none.
    init?(_ log: ChainLog, of contracts: ContractAddresses) throws(LedgerError) {
        guard let topic = log.topics.first else { return nil }
        let fields = LogFields(log)
        do {
            switch log.contract {
            case contracts.token:
                guard topic == TokenABI.transferred.topic else { return nil }
                self = try Self.transferred(fields)
            case contracts.channels: guard let event = try Self.channel(topic, fields) else { return nil }
                self = event
            case contracts.payouts: guard let event = try Self.payout(topic, fields) else { return nil }
                self = event
            case contracts.agreements: guard let event = try Self.agreement(topic, fields) else { return nil }
                self = event
            default: return nil
            }
        } catch let error as LedgerError {
            throw error
        } catch {
            throw .malformed("log of \(log.contract): \(error)")
        }
    }

    private static func transferred(_ fields: LogFields) throws -> SettlementEvent {
        let (indexed, data) = try fields.read(indexed: [.address, .address], [.uint(256)])
        return .transferred(from: try indexed[0].address(), to: try indexed[1].address(), amount: try data[0].amount())
    }

    private static func channel(_ topic: Bytes32, _ fields: LogFields) throws -> SettlementEvent? {
        switch topic {
        case ContractABI.Channels.opened.topic:
            let (indexed, data) = try fields.read(
                indexed: [.fixedBytes(32), .address, .address], [.address, .uint(256), .fixedBytes(32), .uint(256)])
            return .opened(
                id: try indexed[0].word(),
                channel: Channel(
                    payer: try indexed[1].address(), farmer: try indexed[2].address(), signer: try data[0].address(),
                    challenge: try data[1].small(), salt: try data[2].word()), amount: try data[3].amount())
        case ContractABI.Channels.toppedUp.topic:
            let (indexed, data) = try fields.read(indexed: [.fixedBytes(32)], [.uint(256), .uint(256)])
            return .toppedUp(id: try indexed[0].word(), amount: try data[0].amount(), funded: try data[1].amount())
        case ContractABI.Channels.claimed.topic:
            let (indexed, data) = try fields.read(
                indexed: [.fixedBytes(32), .address], [.uint(256), .uint(256), .uint(32), .fixedBytes(32)])
            return .claimed(
                id: try indexed[0].word(), farmer: try indexed[1].address(), cumulative: try data[0].amount(),
                paid: try data[1].amount(), period: UInt32(truncatingIfNeeded: try data[2].small()),
                statement: try data[3].word())
        case ContractABI.Channels.closing.topic:
            let (indexed, data) = try fields.read(indexed: [.fixedBytes(32)], [.uint(256)])
            return .closing(id: try indexed[0].word(), closesAt: try data[0].small())
        case ContractABI.Channels.closed.topic:
            let (indexed, data) = try fields.read(indexed: [.fixedBytes(32)], [.uint(256)])
            return .closed(id: try indexed[0].word(), refunded: try data[0].amount())
        default: return nil
        }
    }

    private static func payout(_ topic: Bytes32, _ fields: LogFields) throws -> SettlementEvent? {
        switch topic {
        case ContractABI.Payouts.funded.topic:
            let (indexed, data) = try fields.read(indexed: [.address], [.uint(256), .uint(256)])
            return .funded(satellite: try indexed[0].address(), amount: try data[0].amount(), pool: try data[1].amount())
        case ContractABI.Payouts.anchored.topic:
            let (indexed, data) = try fields.read(
                indexed: [.address, .uint(256)], [.fixedBytes(32), .fixedBytes(32), .uint(256), .uint(256)])
            return .anchored(
                satellite: try indexed[0].address(),
                PayoutAnchor(
                    period: try indexed[1].small(), payoutRoot: try data[0].word(), reportRoot: try data[1].word(),
                    total: try data[2].amount(), farmerCount: try data[3].small()))
        case ContractABI.Payouts.paid.topic:
            let (indexed, data) = try fields.read(indexed: [.address, .address], [.uint(256), .uint(256)])
            return .paid(
                satellite: try indexed[0].address(), farmer: try indexed[1].address(), cumulative: try data[0].amount(),
                amount: try data[1].amount())
        default: return nil
        }
    }

    private static func agreement(_ topic: Bytes32, _ fields: LogFields) throws -> SettlementEvent? {
        switch topic {
        case ContractABI.Agreements.opened.topic:
            let (indexed, _) = try fields.read(indexed: [.fixedBytes(32), .address, .address], [])
            return .agreementOpened(
                id: try indexed[0].word(), payer: try indexed[1].address(), farmer: try indexed[2].address())
        case ContractABI.Agreements.armed.topic:
            let (indexed, data) = try fields.read(indexed: [.uint(256)], [.uint(256)])
            return .beaconArmed(epoch: try indexed[0].small(), target: try data[0].small())
        case ContractABI.Agreements.sealed.topic:
            let (indexed, data) = try fields.read(indexed: [.uint(256)], [.fixedBytes(32)])
            return .beaconSealed(epoch: try indexed[0].small(), seed: try data[0].word())
        case ContractABI.Agreements.heartbeat.topic:
            let (indexed, data) = try fields.read(
                indexed: [.fixedBytes(32), .address], [.uint(256), .uint(256), .fixedBytes(32)])
            return .proven(
                id: try indexed[0].word(), farmer: try indexed[1].address(), period: try data[0].small(),
                target: try data[1].small(), pieceID: try data[2].word())
        case ContractABI.Agreements.settled.topic:
            let (indexed, data) = try fields.read(indexed: [.fixedBytes(32)], [.uint(256), .uint(256)])
            return .settled(
                id: try indexed[0].word(), periods: PeriodSet(mask: try data[0].number()), amount: try data[1].amount())
        case ContractABI.Agreements.missed.topic:
            let (indexed, data) = try fields.read(indexed: [.fixedBytes(32)], [.uint(256), .uint(256), .uint(256)])
            return .missed(
                id: try indexed[0].word(), periods: PeriodSet(mask: try data[0].number()), refund: try data[1].amount(),
                slashed: try data[2].amount())
        case ContractABI.Agreements.finished.topic:
            return .finished(id: try fields.read(indexed: [.fixedBytes(32)], []).indexed[0].word())
        default: return nil
        }
    }
}

/// A line's values: the indexed ones stand in its topics, the others in its data.
private struct LogFields {
    let log: ChainLog

    init(_ log: ChainLog) { self.log = log }

    func read(indexed: [ABIType], _ types: [ABIType]) throws -> (indexed: [ABIValue], data: [ABIValue]) {
        guard log.topics.count == indexed.count + 1 else { throw LedgerError.malformed("log: number of topics") }
        return (
            try ABIValue.decode(indexed, from: log.topics.dropFirst().flatMap(\.bytes)),
            try ABIValue.decode(types, from: log.data)
        )
    }
}
