import Contracts
import Ethereum
import Foundation
import Ledger
import Market
import StorageModel

extension MarketAnswer {
    init(_ status: PaymentStatus) {
        self.init(
            ledger: status.ledger.kind.rawValue, chainID: status.ledger.chainID, wallet: "\(status.payer)",
            signer: "\(status.signer)", balanceUnits: status.balance?.units, poolUnits: status.pool?.units,
            owedByRootsUnits: status.owedByRoots.units, ledgerError: status.ledgerError,
            quoteMicroUSD: status.quote?.microUSD, quoteTime: status.quote.map { Date(seconds: $0.time) },
            statements: Dictionary(uniqueKeysWithValues: status.statementCounts.map { ($0.key.name, $0.value) }),
            channels: Dictionary(uniqueKeysWithValues: status.channelCounts.map { ($0.key.name, $0.value) }),
            troubles: status.troubles.map(StatementAnswer.init))
    }
}

extension StatementAnswer {
    init(_ record: StatementRecord) {
        let statement = record.statement
        self.init(
            period: record.period, node: "\(statement.node)", wallet: "\(statement.farmer)",
            from: Date(seconds: statement.from), until: Date(seconds: statement.until),
            verdict: statement.heartbeat.map { "\($0.outcome)" }, lines: statement.lines.map(Line.init),
            heldUnits: statement.held.units, disposedUnits: statement.disposed.units, amountUnits: statement.amount.units,
            cumulativeUnits: statement.cumulative.units,
            channel: statement.channel.isZero ? nil : "0x" + Hexadecimal.encode(statement.channel.bytes),
            hasVoucher: record.voucher != nil, state: record.state.name, attempts: record.attempts, refusal: record.refusal)
    }
}

extension StatementAnswer.Line {
    init(_ line: Statement.Line) {
        self.init(
            kind: line.kind.name, bytes: line.bytes, seconds: line.seconds, price: line.price, units: line.amount.units)
    }
}

extension StatementRecord.State {
    /// The word operators read.
    var name: String {
        switch self {
        case .waiting: "waiting"
        case .accepted: "accepted"
        case .refused: "refused"
        case .published: "published"
        }
    }
}

extension FarmerAnswer {
    init(_ status: FarmerStatus) {
        let farmer = status.farmer
        self.init(
            node: "\(farmer.node)", wallet: "\(farmer.wallet)", paidBy: farmer.channel == nil ? "root" : "channel",
            sheet: status.sheet.map(Sheet.init), coming: status.coming.map(Sheet.init), price: status.price,
            standing: status.standing, lastPeriod: farmer.lastPeriod, heldUnits: farmer.balance.rest.units)
    }
}

extension FarmerAnswer.Sheet {
    init(_ known: KnownSheet) {
        let sheet = known.signed.sheet
        self.init(
            denomination: sheet.denomination == .microUSD ? "usd" : "storj", storageTBMonth: sheet.storageTBMonth,
            egressTB: sheet.egressTB, repairTB: sheet.repairTB, auditTB: sheet.auditTB, sequence: sheet.sequence,
            countsFrom: Date(seconds: known.countsFrom))
    }
}

extension ChannelAnswer {
    init(_ record: ChannelRecord) {
        self.init(
            id: "0x" + Hexadecimal.encode(record.id.bytes), node: "\(record.node)", state: record.state.name,
            fundedUnits: record.funded.units, promisedUnits: record.promised.units, claimedUnits: record.claimed.units,
            closesAt: record.closesAt.map { Date(seconds: $0) }, lastError: record.lastError)
    }
}

extension Date {
    fileprivate init(seconds: UInt64) { self.init(timeIntervalSince1970: Double(seconds)) }
}
