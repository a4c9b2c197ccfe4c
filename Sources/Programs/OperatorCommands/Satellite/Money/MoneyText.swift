import AdminAPI
import ClientCommands
import Contracts

/// How amounts are shown to people.
enum MoneyText {
    /// `1.5 STORJ`.
    static func storj(_ units: UInt64?) -> String { units.map { "\(TokenAmount($0)) STORJ" } ?? "unknown" }

    /// `$0.25`.
    static func dollars(_ micro: UInt64?) -> String {
        micro.map { "$\(USDAmount(micro: Int64(clamping: $0)))" } ?? "unknown"
    }

    /// `3 accepted, 1 waiting`.
    static func counts(_ counts: [String: Int]) -> String {
        counts.isEmpty ? "none" : counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }
}

/// Statements as a table.
enum StatementText {
    static func table(_ statements: [StatementAnswer], _ session: OperatorSession) -> [String] {
        var table = TextTable([
            .init("PERIOD", .right), .init("NODE"), .init("VERDICT"), .init("STORED", .right), .init("STORJ", .right),
            .init("SO FAR", .right), .init("STATE"), .init("REASON"),
        ])
        for item in statements {
            let stored = item.lines.first { $0.kind == "storage" }?.bytes ?? 0
            table.add([
                "\(item.period)", item.node, item.verdict ?? "none", SizeText.human(Int64(clamping: stored)),
                "\(TokenAmount(item.amountUnits))", "\(TokenAmount(item.cumulativeUnits))", item.state, item.refusal ?? "",
            ])
        }
        return table.lines
    }
}
