import StorageModel

/// Months as tables for spreadsheets and payment tools: comma-separated, one line a node, amounts as decimal text.
///
/// - Source: RFC 4180; economy design §2 for the columns of a prepayout.
package enum MonthTable {
    /// Everything, one line a node.
    package static func statements(_ months: [MonthStatement]) -> String {
        let head = [
            "period", "node-id", "wallet", "codes", "usage-at-rest", "usage-get", "usage-put", "usage-get-repair",
            "usage-get-audit", "comp-at-rest", "comp-get", "comp-put", "comp-get-repair", "comp-get-audit", "surge-percent",
            "owed", "held", "disposed", "paid", "distributed", "receipts",
        ]
        let kinds: [ServiceKind] = [.storage, .egress, .ingress, .repair, .audit]
        return text(head, months.map { month in
            ["\(month.month)", "\(month.node)", "\(month.farmer)", PayoutCode.text(month.codes)]
                + kinds.map { "\(month.usage($0))" }
                + kinds.map { "\(month.service($0)?.earned ?? .zero)" } + ["0"]
                + [month.owed, month.held, month.disposed, month.paid, month.distributed].map { "\($0)" }
                + [month.receipts.map { "0x" + Hexadecimal.encode($0.transaction.bytes) }.joined(separator: " ")]
        })
    }

    /// What payment tools read: who gets how much, in STORJ.
    package static func prepayout(_ payments: [PayoutPayment]) -> String {
        text(
            ["address", "amount", "address-kind", "mandatory", "sanctioned", "bonus"],
            payments.map { [
                "\($0.wallet)", "\($0.amount)", $0.kind, $0.isMandatory ? "true" : "false",
                $0.isSanctioned ? "true" : "false", "\($0.bonus)",
            ] })
    }

    private static func text(_ head: [String], _ rows: [[String]]) -> String {
        ([head] + rows).map { $0.map(field).joined(separator: ",") }.joined(separator: "\n") + "\n"
    }

    /// Quoted where a comma, a quote or the end of a line is in it.
    private static func field(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}

extension MonthStatement {
    /// Bytes; of storage, byte-hours rounded down.
    package func usage(_ kind: ServiceKind) -> UInt128 {
        (service(kind)?.quantity ?? 0) / (kind == .storage ? 3600 : 1)
    }
}
