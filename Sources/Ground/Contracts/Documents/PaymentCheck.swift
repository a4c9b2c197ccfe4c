package import Ethereum
package import StorageModel

/// What a stranger finds of a node's pay: every amount computed again from what the satellite published, and compared with
/// what the ledger has. It believes nobody but the ledger.
package struct PaymentCheck: Sendable {
    /// One statement.
    package struct Line: Sendable {
        package let statement: Statement
        /// Sentences; none when it holds.
        package let problems: [String]
    }

    /// What one channel, or the payout root, promises and has paid.
    package struct Source: Sendable {
        /// The channel's id; nil for pay by roots.
        package let channel: Bytes32?
        /// What the newest statement says is due in all.
        package let promised: TokenAmount
        /// What was locked for it in all; nil for roots.
        package let funded: TokenAmount?
        /// What was paid in all.
        package let paid: TokenAmount
        /// Sentences; none when it holds.
        package let problems: [String]
    }

    package let satellite: NodeID?
    package let node: NodeID?
    package let farmer: Address?
    package let lines: [Line]
    package let sources: [Source]
    /// Of the whole, sentences.
    package let problems: [String]
    /// What could not be looked at, sentences: no reason to doubt, but no proof either.
    package let unknown: [String]

    /// Whether nothing is wrong.
    package var isSound: Bool {
        problems.isEmpty && lines.allSatisfy(\.problems.isEmpty) && sources.allSatisfy(\.problems.isEmpty)
    }

    /// What the ledger has of a payer and a farmer, as far as it was asked.
    package struct LedgerFacts: Sendable {
        /// The channels that statements name; one that was never opened has none.
        package var channels: [Bytes32: ChannelState]
        /// Of the payer's roots.
        package var payout: PayoutState?
        /// All the farmer was ever paid by the payer's roots.
        package var paid: TokenAmount
        /// Claims of the channels, as far as events were read: by statement.
        package var claims: [Claim]

        /// A claim as an event tells it.
        package struct Claim: Sendable {
            package let channel: Bytes32
            package let cumulative: TokenAmount
            package let statement: Bytes32
            /// By which strangers find it.
            package let transaction: Bytes32

            /// A claim.
            package init(channel: Bytes32, cumulative: TokenAmount, statement: Bytes32, transaction: Bytes32) {
                self.channel = channel
                self.cumulative = cumulative
                self.statement = statement
                self.transaction = transaction
            }
        }

        /// Facts.
        package init(
            channels: [Bytes32: ChannelState] = [:], payout: PayoutState? = nil, paid: TokenAmount = .zero,
            claims: [Claim] = []
        ) {
            self.channels = channels
            self.payout = payout
            self.paid = paid
            self.claims = claims
        }
    }

    /// Checks all of it.
    ///
    /// - Parameters:
    ///   - statements: of one node, in any order; earlier ones may be missing.
    ///   - manifest: the satellite's, verified.
    ///   - ledger: nil when there is none to look at.
    ///   - payouts: what the satellite published of its newest root.
    package init(
        _ statements: [SignedStatement], manifest: Manifest, satellite: NodeID, ledger: LedgerFacts?, payouts: PayoutFile?
    ) {
        let sorted = statements.sorted { $0.statement.period < $1.statement.period }
        self.satellite = satellite
        node = sorted.first?.statement.node
        farmer = sorted.last?.statement.farmer
        var lines: [Line] = []
        var last: Statement?
        for signed in sorted {
            lines.append(Self.line(signed, after: last, manifest, satellite, node: sorted[0].statement.node))
            last = signed.statement
        }
        self.lines = lines
        problems = sorted.isEmpty ? ["there is no statement of this node"] : []
        var unknown: [String] = []
        if let first = sorted.first, first.statement.previous != Bytes32() {
            unknown.append("statements before period \(first.statement.period) were not given")
        }
        if ledger == nil { unknown.append("no ledger was looked at") }
        self.unknown = unknown
        sources = ledger.map { Self.sources(sorted.map(\.statement), $0, payouts) } ?? []
    }

    private static func line(
        _ signed: SignedStatement, after last: Statement?, _ manifest: Manifest, _ satellite: NodeID, node: NodeID
    ) -> Line {
        let statement = signed.statement
        var problems: [String] = []
        if !signed.isSigned(by: manifest.signer) { problems.append("it is not signed by the satellite's paying key") }
        if statement.payerNode != satellite { problems.append("it is of another satellite, \(statement.payerNode)") }
        if statement.payer != manifest.payer { problems.append("it names another payer, \(statement.payer)") }
        if statement.node != node { problems.append("it is of another node, \(statement.node)") }
        if let objection = Self.objection(to: statement, after: last, scale: manifest.timeScale) {
            problems.append("\(objection)")
        }
        return Line(statement: statement, problems: problems)
    }

    /// What is wrong with a statement; of the first one that is known only what needs none before it.
    private static func objection(to statement: Statement, after last: Statement?, scale: UInt64) -> Statement.Objection? {
        if last != nil { return statement.objection(after: last, scale: scale) }
        var alone = statement
        alone.previous = Bytes32()
        if statement.previous != Bytes32() { alone.cumulative = statement.amount }
        return alone.objection(after: nil, scale: scale)
    }

    private static func sources(
        _ statements: [Statement], _ ledger: LedgerFacts, _ payouts: PayoutFile?
    ) -> [Source] {
        var newest: [Bytes32: Statement] = [:]
        for statement in statements { newest[statement.channel] = statement }
        return newest.values.sorted { $0.period < $1.period }.map { statement in
            statement.channel == Bytes32()
                ? root(statement, ledger, payouts) : channel(statement, statements, ledger)
        }
    }

    private static func channel(_ newest: Statement, _ statements: [Statement], _ ledger: LedgerFacts) -> Source {
        let id = newest.channel
        let state = ledger.channels[id]
        var problems: [String] = []
        if state == nil, newest.cumulative > .zero { problems.append("the ledger has no such channel") }
        if let state, state.claimed > newest.cumulative {
            problems.append("the ledger has paid \(state.claimed) STORJ, more than the statements promise")
        }
        let known = Dictionary(statements.filter { $0.channel == id }.map { ($0.digest, $0) }) { first, _ in first }
        for claim in ledger.claims where claim.channel == id {
            let name = "0x" + Hexadecimal.encode(claim.transaction.bytes)
            guard let statement = known[claim.statement] else {
                problems.append("the claim in \(name) names a statement that was not given")
                continue
            }
            if statement.cumulative != claim.cumulative {
                problems.append("the claim in \(name) is for \(claim.cumulative) STORJ, its statement for \(statement.cumulative)")
            }
        }
        return Source(
            channel: id, promised: newest.cumulative, funded: state?.funded ?? .zero, paid: state?.claimed ?? .zero,
            problems: problems)
    }

    private static func root(_ newest: Statement, _ ledger: LedgerFacts, _ payouts: PayoutFile?) -> Source {
        var problems: [String] = []
        if newest.cumulative > .zero {
            if let payouts {
                problems += PayoutCheck(payouts, ledger: ledger.payout).problems
                let entry = payouts.entries.first { $0.farmer == newest.farmer }
                if entry.map({ $0.cumulative < newest.cumulative }) ?? true {
                    problems.append(
                        "the published payouts have \(entry?.cumulative ?? .zero) STORJ for the farmer, "
                            + "less than \(newest.cumulative)")
                }
            } else {
                problems.append("the satellite has published no payouts")
            }
        }
        return Source(channel: nil, promised: newest.cumulative, funded: nil, paid: ledger.paid, problems: problems)
    }
}

/// What a stranger finds of a payout root: the tree made again from the published amounts, and the ledger's anchor.
package struct PayoutCheck: Sendable {
    package let file: PayoutFile
    /// The root the published amounts make; nil without any.
    package let root: Bytes32?
    /// Sentences; none when it holds.
    package private(set) var problems: [String] = []

    /// Whether nothing is wrong.
    package var isSound: Bool { problems.isEmpty }

    /// Checks a file against a ledger.
    ///
    /// - Parameter ledger: of the satellite; nil when nothing is there.
    package init(_ file: PayoutFile, ledger: PayoutState?) {
        self.init(file)
        switch ledger?.anchor {
        case nil: problems.append("the ledger has no anchor of this satellite")
        case file.anchor: break
        case let anchor? where anchor.period > file.anchor.period:
            problems.append("the ledger's anchor is newer, of period \(anchor.period): take the file of that period")
        case let anchor? where anchor.period < file.anchor.period:
            problems.append("the ledger's anchor is older, of period \(anchor.period)")
        default: problems.append("the ledger has another anchor for this period")
        }
    }

    /// Checks a file by itself.
    package init(_ file: PayoutFile) {
        self.file = file
        for (last, next) in zip(file.entries, file.entries.dropFirst()) where last.farmer >= next.farmer {
            problems.append("farmer \(next.farmer) is out of order or there twice")
        }
        let amounts = Dictionary(file.entries.map { ($0.farmer, $0.cumulative) }) { first, _ in first }
        root = PayoutTree(amounts)?.root
        if (root ?? Bytes32()) != file.anchor.payoutRoot { problems.append("the amounts make another root than the file says") }
        let total = file.entries.reduce(TokenAmount.zero as TokenAmount?) { $0?.adding($1.cumulative) }
        if total != file.anchor.total { problems.append("the total is not the sum of the amounts") }
        if UInt64(file.entries.count) != file.anchor.farmerCount { problems.append("the number of farmers is another one") }
    }
}
