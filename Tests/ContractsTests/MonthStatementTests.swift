import Contracts
import Ethereum
import Foundation
import StorageModel
import TestSupport
import Testing

@Suite struct MonthStatementTests {
    private static func november() throws -> BillingMonth { try #require(BillingMonth("2026-11")) }

    private static func worked() -> Payday {
        var payday = Payday()
        for day in 0..<30 {
            let outcome: Statement.Outcome = day == 9 ? .failed : day == 14 ? .unreachable : .passed
            payday.work(egress: UInt64(day) * 1_000_000_007, outcome: outcome, held: 75)
        }
        // The last one ends with the month and belongs to the next.
        payday.statements.removeLast()
        return payday
    }

    @Test func `the sum of the periods is the month, in every line`() throws {
        let payday = Self.worked()
        let month = try MonthStatement(of: payday.statements, in: try Self.november(), createdAt: 1)
        let lines = payday.statements.flatMap(\.lines)
        let earned = lines.reduce(0) { $0 + $1.amount.units }
        #expect(month.earned?.units == earned)
        #expect(month.paid.units == payday.statements.reduce(0) { $0 + $1.amount.units })
        #expect(month.paid == payday.statements.last?.cumulative)
        #expect(month.held.units + month.owed.units == earned)
        #expect(month.periods.count == 29)
        #expect(month.service(.storage)?.quantity == UInt128(27 * Payday.day) * 2_000_000_000_000)
        // 27 days of 2 TB at 1.50 dollars for 30 days, each day rounded down to a millionth.
        #expect(month.service(.storage)?.worth == USDAmount(micro: 2_700_000))
        #expect(month.usage(.storage) == 27 * 24 * 2_000_000_000_000)
        #expect(month.service(.repair) == nil)
    }

    @Test func `a sum that does not follow from the statements makes no month`() throws {
        let month = try Self.november()
        var payday = Self.worked()
        payday.statements[28].cumulative = TokenAmount(payday.statements[28].cumulative.units + 1)
        #expect(throws: MonthStatement.Objection.sum(period: payday.statements[28].period)) {
            try MonthStatement(of: payday.statements, in: month, createdAt: 1)
        }
        #expect(throws: MonthStatement.Objection.empty) { try MonthStatement(of: [], in: month, createdAt: 1) }
        payday = Self.worked()
        #expect(throws: MonthStatement.Objection.order(period: payday.statements[3].period)) {
            try MonthStatement(of: [payday.statements[4], payday.statements[3]], in: month, createdAt: 1)
        }
        payday.work(days: 2)
        #expect(throws: MonthStatement.Objection.foreign(period: payday.statements[29].period)) {
            try MonthStatement(of: payday.statements, in: month, createdAt: 1)
        }
    }

    @Test func `the document says everything, and reads back as the same month`() throws {
        let receipt = PayoutReceipt(
            transaction: Bytes32(words: [1, 1, 1, 1]), height: 7, index: 0, time: 9, amount: TokenAmount(1))
        let month = try MonthStatement(
            of: Self.worked().statements, in: try Self.november(), codes: [.inWithholding, .bonus], receipts: [receipt],
            createdAt: 1)
        let json = try JSONEncoder().encode(MonthDocument(month))
        #expect(try JSONDecoder().decode(MonthDocument.self, from: json).statement() == month)
        #expect(month.differences(from: month).isEmpty)
    }

    @Test func `a month altered by one unit in any line is told by that line`() throws {
        let payday = Self.worked()
        let truth = try MonthStatement(of: payday.statements, in: try Self.november(), createdAt: 1)
        func told(_ change: (inout MonthStatement) -> Void) -> [String] {
            var altered = truth
            change(&altered)
            return altered.differences(from: truth)
        }
        let more = { (amount: TokenAmount) in TokenAmount(amount.units + 1) }
        #expect(told { $0.paid = more($0.paid) }.map { $0.prefix(9) } == ["paid says"])
        #expect(told { $0.held = more($0.held) }.map { $0.prefix(9) } == ["held says"])
        #expect(told { $0.owed = more($0.owed) }.map { $0.prefix(9) } == ["owed says"])
        #expect(told { $0.disposed = more($0.disposed) }.count == 1)
        #expect(told { $0.services[1].earned = more($0.services[1].earned) }.map { $0.prefix(14) } == ["egress: earned"])
        #expect(told { $0.services[0].worth = USDAmount(micro: 2_700_001) }.map { $0.prefix(14) } == ["storage: worth"])
        let period = truth.periods[3].period
        #expect(told { $0.periods[3].amount = .zero }.map { $0.hasPrefix("period \(period): amount") } == [true])
        #expect(told { $0.distributed = TokenAmount(1) }.count == 1)
    }

    @Test func `tables have one line a node and quote what needs it`() throws {
        let month = try MonthStatement(of: Self.worked().statements, in: try Self.november(), createdAt: 1)
        let lines = MonthTable.statements([month]).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].split(separator: ",").count == 21)
        #expect(lines[1].split(separator: ",", omittingEmptySubsequences: false).count == 21)
        #expect(lines[1].contains(",\(month.paid),"))
        let payment = PayoutPayment(wallet: month.farmer, amount: TokenAmount(150_000_000), isMandatory: true)
        let prepayout = MonthTable.prepayout([payment])
        #expect(prepayout == "address,amount,address-kind,mandatory,sanctioned,bonus\n\(month.farmer),1.5,eth,true,false,0\n")
    }

    @Test func `prices in STORJ are worth dollars only when somebody knows the price`() throws {
        var payday = Payday()
        payday.work(denomination: .storj)
        let month = try Self.november()
        #expect(try MonthStatement(of: payday.statements, in: month, createdAt: 1).service(.storage)?.worth == nil)
        let known = try MonthStatement(of: payday.statements, in: month, createdAt: 1) { time in
            Quote(microUSD: 500_000, time: time, source: Quote.label("fixed"))
        }
        // 1 500 000 base units × 2 TB ÷ 30 days, at half a dollar a token.
        #expect(known.service(.storage)?.worth == USDAmount(micro: 500))
    }

    @Test func `codes are letters between colons`() {
        #expect(PayoutCode.text([.exiting, .inWithholding]) == "E:I")
        #expect(PayoutCode.parse("E:I") == [.exiting, .inWithholding])
        #expect(PayoutCode.parse("") == [])
        for text in ["E:", "Q", "E:E", ":"] { #expect(PayoutCode.parse(text) == nil) }
    }
}

@Suite struct WithholdingTests {
    @Test func `the customary schedule keeps 75, 50 and 25 percent and gives half back after fifteen months`() throws {
        let joined = try #require(BillingMonth("2026-01"))
        var balance = Withholding.Balance()
        var month = joined
        var percents: [UInt64] = []
        for _ in 0..<15 {
            let (held, disposed) = Withholding.customary.split(
                earned: TokenAmount(1000), balance: balance, joinedAt: joined, at: month, hasLeft: false)
            #expect(disposed == .zero)
            #expect(Withholding.customary.isWithholding(joinedAt: joined, at: month))
            percents.append(held.units / 10)
            balance.held = TokenAmount(balance.held.units + held.units)
            month = month.next
        }
        #expect(percents == [75, 75, 75, 50, 50, 50, 25, 25, 25, 0, 0, 0, 0, 0, 0])
        #expect(balance.held.units == 4500)
        let back = Withholding.customary.split(
            earned: TokenAmount(1000), balance: balance, joinedAt: joined, at: month, hasLeft: false)
        #expect(back.held == .zero)
        #expect(back.disposed.units == 2250)
        balance.disposed = back.disposed
        let again = Withholding.customary.split(
            earned: TokenAmount(1000), balance: balance, joinedAt: joined, at: month.next, hasLeft: false)
        #expect(again.disposed == .zero)
        #expect(!Withholding.customary.isWithholding(joinedAt: joined, at: month))
        let exit = Withholding.customary.split(
            earned: TokenAmount(1000), balance: balance, joinedAt: joined, at: month.next, hasLeft: true)
        #expect(exit.held == .zero)
        #expect(exit.disposed.units == 2250)
    }

    @Test func `whoever leaves early gets everything back, and nothing is kept without a schedule`() throws {
        let joined = try #require(BillingMonth("2026-01"))
        let balance = Withholding.Balance(held: TokenAmount(75))
        let exit = Withholding.customary.split(
            earned: TokenAmount(100), balance: balance, joinedAt: joined, at: joined, hasLeft: true)
        #expect(exit.held == .zero)
        #expect(exit.disposed == TokenAmount(75))
        let none = Withholding.none.split(
            earned: TokenAmount(UInt64.max), balance: .init(), joinedAt: joined, at: joined, hasLeft: false)
        #expect(none.held == .zero)
        #expect(none.disposed == .zero)
        let most = Withholding.customary.split(
            earned: TokenAmount(UInt64.max), balance: .init(), joinedAt: joined, at: joined, hasLeft: false)
        #expect(most.held.units == UInt64.max / 4 * 3 + 2)
    }
}
