import StorageModel

extension MonthStatement {
    /// Where this month says other things than one that was made again from the statements, a sentence each, naming the
    /// line. Codes, receipts and the time of making are not in statements and are not compared.
    package func differences(from truth: MonthStatement) -> [String] {
        var found: [String] = []
        func compare<Value: Equatable>(_ name: String, _ own: Value, _ other: Value, _ text: (Value) -> String) {
            if own != other { found.append("\(name) says \(text(own)), the statements make \(text(other))") }
        }
        compare("payer", payerNode, truth.payerNode) { "\($0)" }
        compare("node", node, truth.node) { "\($0)" }
        compare("farmer", farmer, truth.farmer) { "\($0)" }
        compare("month", month, truth.month) { "\($0)" }
        compare("number of statements", periods.count, truth.periods.count) { "\($0)" }
        for (own, other) in zip(periods, truth.periods) {
            let line = "period \(other.period)"
            compare("\(line): number", own.period, other.period) { "\($0)" }
            compare("\(line): statement", own.statement, other.statement) { Hexadecimal.encode($0.bytes) }
            compare("\(line): verdict", own.outcome, other.outcome) { $0.map { "\($0)" } ?? "none" }
            compare("\(line): amount", own.amount, other.amount) { "\($0) STORJ" }
        }
        for kind in ServiceKind.allCases {
            let (own, other) = (service(kind), truth.service(kind))
            compare("\(kind.name): quantity", own?.quantity, other?.quantity) { $0.map { "\($0)" } ?? "nothing" }
            compare("\(kind.name): earned", own?.earned, other?.earned) { $0.map { "\($0) STORJ" } ?? "nothing" }
            // Prices in STORJ have no dollars in their statements: those are then only believed.
            if let worth = other?.worth {
                compare("\(kind.name): worth", own?.worth, worth) { $0.map { "\($0) USD" } ?? "nothing" }
            }
        }
        compare("held", held, truth.held) { "\($0) STORJ" }
        compare("disposed", disposed, truth.disposed) { "\($0) STORJ" }
        compare("owed", owed, truth.owed) { "\($0) STORJ" }
        compare("paid", paid, truth.paid) { "\($0) STORJ" }
        compare("quotes", quotes, truth.quotes) { "\($0.map(\.microUSD))" }
        let arrived = receipts.reduce(TokenAmount.zero as TokenAmount?) { $0?.adding($1.amount) }
        if arrived != distributed {
            found.append("distributed says \(distributed) STORJ, the receipts make \(arrived.map { "\($0)" } ?? "too much")")
        }
        return found
    }
}
