import ClientCommands
import Contracts
import Foundation
import NodeAPI

/// A node's answers about money for people.
enum FarmingText {
    static func amount(_ units: UInt64?) -> String { units.map { "\(TokenAmount($0))" } ?? "?" }

    static func prices(_ prices: PricesAnswer, _ session: OperatorSession) -> [String] {
        guard let current = prices.current ?? prices.coming else { return ["the node asks no price"] }
        var table = TextTable([
            .init("PRICES"), .init("STORAGE", .right), .init("EGRESS", .right), .init("REPAIR", .right),
            .init("AUDIT", .right), .init("FROM"), .init("UNTIL"), .init("NUMBER", .right),
        ])
        for (name, sheet) in [("now", Optional(current)), ("coming", prices.current == nil ? nil : prices.coming)] {
            guard let sheet else { continue }
            table.add([
                name, price(sheet.storage, sheet), price(sheet.egress, sheet), price(sheet.repair, sheet),
                price(sheet.audit, sheet), session.show(sheet.validFrom), session.show(sheet.validUntil),
                "\(sheet.sequence)",
            ])
        }
        return table.lines + ["for a terabyte (10¹² bytes), stored for 720 hours"]
    }

    private static func price(_ value: UInt64, _ sheet: PricesAnswer.Sheet) -> String {
        sheet.denomination == "storj"
            ? "\(TokenAmount(value)) STORJ" : "$\(USDAmount(micro: Int64(clamping: value)))"
    }

    static func earnings(_ earnings: EarningsAnswer, _ session: OperatorSession) -> [String] {
        var satellites = TextTable([
            .init("SATELLITE"), .init("PAYS BY"), .init("STANDING"), .init("PERIODS", .right), .init("OWED", .right),
            .init("VOUCHERED", .right), .init("CLAIMED", .right), .init("HELD", .right), .init("UNPAID", .right),
            .init("NOTE"),
        ])
        for line in earnings.satellites {
            satellites.add([
                line.satellite, line.payment, line.standing, Wording.number(line.statements), amount(line.owedUnits),
                amount(line.voucheredUnits), amount(line.claimedUnits), amount(line.heldUnits), "\(line.overduePeriods)",
                line.reason ?? line.problem ?? "",
            ])
        }
        if satellites.isEmpty { return ["no satellite has told yet how it pays"] }
        var lines = satellites.lines
        if !earnings.periods.isEmpty { lines += [""] + periods(earnings.periods, session) }
        for refusal in earnings.refusals {
            lines.append(
                "period \(refusal.period) of \(refusal.satellite) was refused on \(session.show(refusal.refusedAt)): "
                    + refusal.reason)
        }
        return lines
    }

    private static func periods(_ periods: [PeriodAnswer], _ session: OperatorSession) -> [String] {
        var table = TextTable([
            .init("PERIOD", .right), .init("UNTIL"), .init("HEARTBEAT"), .init("STORAGE", .right), .init("EGRESS", .right),
            .init("OTHER", .right), .init("PAID", .right), .init("IN ALL", .right),
        ])
        for period in periods {
            let other = period.lines.filter { $0.kind != "storage" && $0.kind != "egress" }
            table.add([
                "\(period.period)", session.show(period.until), period.heartbeat,
                amount(period.lines.first { $0.kind == "storage" }?.amountUnits ?? 0),
                amount(period.lines.first { $0.kind == "egress" }?.amountUnits ?? 0),
                amount(other.reduce(0) { $0 &+ $1.amountUnits }), amount(period.amountUnits),
                amount(period.cumulativeUnits),
            ])
        }
        return table.lines
    }

    static func vouchers(_ vouchers: VouchersAnswer, _ session: OperatorSession) -> [String] {
        if vouchers.channels.isEmpty { return ["nobody pays this node by a channel"] }
        var table = TextTable([
            .init("PAYER"), .init("CHANNEL"), .init("DEPOSIT", .right), .init("VOUCHERED", .right),
            .init("CLAIMED", .right), .init("TO CLAIM", .right), .init("STATE"), .init("LAST SEEN"),
        ])
        for channel in vouchers.channels {
            let state =
                channel.isClosed ? "closed" : channel.closesAt.map { "closes \(session.show($0))" } ?? "open"
            table.add([
                channel.payer, String(channel.channel.prefix(12)), amount(channel.fundedUnits),
                amount(channel.voucheredUnits), amount(channel.claimedUnits), amount(channel.claimableUnits), state,
                session.show(channel.seenAt),
            ])
        }
        return table.lines
    }

    static func claims(_ claims: ClaimsAnswer, _ session: OperatorSession) -> [String] {
        if claims.claims.isEmpty { return ["nothing was claimed yet"] }
        var table = TextTable([
            .init("CLAIM"), .init("OF"), .init("AMOUNT", .right), .init("FEE", .right), .init("BEGUN"), .init("STATE"),
        ])
        for claim in claims.claims {
            table.add([
                claim.kind, String(claim.subject.prefix(12)), amount(claim.amountUnits),
                claim.feeUnits.map { amount($0) } ?? "-", session.show(claim.begunAt),
                claim.problem ?? (claim.endedAt == nil ? "under way" : "done"),
            ])
        }
        return table.lines
    }

    static func wallet(_ wallet: WalletAnswer, _ session: OperatorSession) -> [String] {
        let key = wallet.hasKey ? "its key is at the node" : "its key is kept elsewhere"
        let chain = wallet.chainId == 0 ? "" : ", chain \(wallet.chainId)"
        var lines = [
            "wallet   \(wallet.wallet)  \(key)",
            "signs    \(wallet.signer)",
            "ledger   \(wallet.ledger)\(chain), last seen \(session.show(wallet.ledgerSeenAt))",
            "balance  \(amount(wallet.balanceUnits)) STORJ",
            "proven   \(amount(wallet.creditUnits)) STORJ wait to be withdrawn",
        ]
        if let problem = wallet.problem { lines.append("problem  \(problem)") }
        return lines
    }
}
