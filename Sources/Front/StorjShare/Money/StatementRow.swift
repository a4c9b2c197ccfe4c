import ConsoleKit
import Contracts
import StorageModel
import StorageNode

/// A statement in a list: what a period paid, line by line.
struct StatementRow: Sendable {
    struct Line: Sendable {
        let kind: String
        let bytes: Figure
        let price: Figure
        let amount: Figure
    }

    let satellite: String
    let period: Figure
    let received: Figure
    let heartbeat: Pill
    let amount: Figure
    let held: Figure
    let cumulative: Figure
    let lines: [Line]
    let quote: String

    init(_ kept: KeptStatement, name: String) {
        let statement = kept.statement
        satellite = name
        period = .period(UInt64(statement.period))
        received = .time(kept.receivedAt)
        heartbeat =
            switch statement.heartbeat?.outcome {
            case .passed: Pill(.good, "passed")
            case .failed: Pill(.bad, "failed")
            case .unreachable: Pill(.bad, "unreachable")
            case .void: Pill(.neutral, "void")
            case nil: Pill(.neutral, "none")
            }
        let hours = (statement.until - min(statement.from, statement.until)) / 3600
        amount = .token(
            statement.amount,
            how: "The lines of \(hours) hours, less what is held back, and what was held and is paid now.")
        held = .token(statement.held)
        cumulative = .token(statement.cumulative, how: "All that this satellite has ever owed by statements; the voucher promises it.")
        lines = statement.lines.map { line in
            Line(
                kind: line.kind.name, bytes: .bytes(Int64(clamping: line.bytes)), price: .price(line.price, statement.denomination),
                amount: .token(
                    line.amount,
                    how: line.kind == .storage
                        ? "Price × bytes × \(line.seconds) seconds ÷ (10¹² bytes × 720 hours), rounded down."
                        : "Price × bytes ÷ 10¹² bytes, rounded down."))
        }
        quote = statement.quote.map {
            "1 STORJ was \(Figure.money(microdollars: Int64(clamping: $0.microUSD)).text) by \($0.sourceName)"
        } ?? "prices in STORJ"
    }
}
