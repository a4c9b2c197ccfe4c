package import Ethereum
package import StorageModel

/// What a month brought a partner: its share of every line that customers paid, and what of it was put on the ledger.
///
/// With the anchor of the month on the ledger anyone can check every line of it.
///
/// - Source: economy design §3.5; Open Source Partner Program.
package struct PartnerStatement: Hashable, Sendable {
    /// A paid line with its way to the anchored root.
    package struct Line: Hashable, Sendable {
        package var paid: PaidLine
        package var share: USDAmount
        /// From the line's leaf to `root`.
        package var path: [Bytes32]

        /// A line.
        package init(paid: PaidLine, share: USDAmount, path: [Bytes32]) {
            self.paid = paid
            self.share = share
            self.path = path
        }
    }

    package var satellite: NodeID
    /// Who puts the payouts on the ledger.
    package var payer: Address
    /// The partner's id.
    package var partner: String
    /// Where it is paid.
    package var wallet: Address
    package var month: BillingMonth
    /// Seconds since 1970.
    package var issuedAt: UInt64
    /// Of what was paid, in hundredths.
    package var percent: UInt32
    package var lines: [Line]
    /// Of earlier months, not yet paid out.
    package var carried: USDAmount
    /// The shares of all lines and what was carried.
    package var owed: USDAmount
    /// The price at which it was paid; nil when nothing was.
    package var quote: Quote?
    /// What was paid out.
    package var paid: TokenAmount
    /// All that was ever paid out to the wallet.
    package var cumulative: TokenAmount
    /// Root over all lines that were paid in the month.
    package var root: Bytes32
    /// From the wallet's leaf to the payout root of the month.
    package var payoutPath: [Bytes32]

    /// A statement of its parts.
    package init(
        satellite: NodeID, payer: Address, partner: String, wallet: Address, month: BillingMonth, issuedAt: UInt64,
        percent: UInt32, lines: [Line], carried: USDAmount, owed: USDAmount, quote: Quote?, paid: TokenAmount,
        cumulative: TokenAmount, root: Bytes32, payoutPath: [Bytes32]
    ) {
        self.satellite = satellite
        self.payer = payer
        self.partner = partner
        self.wallet = wallet
        self.month = month
        self.issuedAt = issuedAt
        self.percent = percent
        self.lines = lines
        self.carried = carried
        self.owed = owed
        self.quote = quote
        self.paid = paid
        self.cumulative = cumulative
        self.root = root
        self.payoutPath = payoutPath
    }

    /// What is left for the next month.
    package var remaining: USDAmount { paid > .zero ? .zero : owed }

    /// The period its payout has on the ledger.
    package var period: UInt64 { UInt64(month.number) }

    /// What is wrong with the statement, a sentence each; empty when every line is right.
    ///
    /// - Parameters:
    ///   - anchor: what the ledger has of `payer` for `period`; nil judges the statement by itself.
    ///   - previous: the statement of the month before; nil for the first, or to leave the connection out.
    package func objections(anchor: PayoutAnchor?, previous: PartnerStatement? = nil) -> [String] {
        var objections = lineObjections + sumObjections
        if let anchor {
            if anchor.period != period { objections.append("the ledger's anchor is of another month") }
            if anchor.reportRoot != root { objections.append("the ledger has another root of paid lines") }
            let leadsTo = PayoutTree.root(farmer: wallet, cumulative: cumulative, path: payoutPath)
            let isOwed = cumulative > .zero
            if isOwed, payoutPath.count > PayoutClaim.maximumPathLength || leadsTo != anchor.payoutRoot {
                objections.append("the ledger's payout root does not contain \(cumulative) STORJ for the partner")
            }
        }
        if let previous {
            if previous.partner != partner || previous.month.next != month { objections.append("the statements do not follow") }
            if previous.remaining != carried { objections.append("what is carried is not what was left") }
            if previous.cumulative.adding(paid) != cumulative { objections.append("the sum of all payouts does not grow by this one") }
        }
        return objections
    }

    private var lineObjections: [String] {
        var objections: [String] = []
        var seen: Set<PaidLine> = []
        for (number, line) in lines.enumerated() {
            if line.paid.partner != partner { objections.append("line \(number + 1) is another partner's") }
            if !seen.insert(line.paid).inserted { objections.append("line \(number + 1) is there twice") }
            if line.paid.share(percent: percent) != line.share {
                objections.append("line \(number + 1) says \(line.share), which is not \(percent) % of what was paid")
            }
            if line.path.count > PaidLineTree.maximumPathLength || PaidLineTree.root(of: line.paid, path: line.path) != root {
                objections.append("line \(number + 1) is not below the root")
            }
        }
        return objections
    }

    private var sumObjections: [String] {
        var objections: [String] = []
        let sum = lines.reduce(carried as USDAmount?) { $0?.adding($1.share) }
        if sum != owed { objections.append("what is owed is not the sum of the lines and what was carried") }
        if percent > 100 { objections.append("more than everything is shared") }
        if let quote {
            if quote.storj(for: owed) != paid { objections.append("the payout is not what is owed at the quote's price") }
        } else if paid > .zero {
            objections.append("something was paid without a price")
        }
        return objections
    }
}

extension PartnerStatement {
    /// Names the document.
    package var digest: Bytes32 { Keccak256.hash(encoded) }

    /// The one encoding.
    package var encoded: [UInt8] {
        RLP.list([
            .bytes(Array("storj-partner-1".utf8)), .bytes(satellite.bytes), .bytes(payer.bytes), .bytes(Array(partner.utf8)),
            .bytes(wallet.bytes), .number(UInt64(month.number)), .number(issuedAt), .number(UInt64(percent)),
            .list(lines.map { .list([$0.paid.rlp, .signed($0.share.micro), .list($0.path.map { .bytes($0.bytes) })]) }),
            .signed(carried.micro), .signed(owed.micro), .list(quote.map { [$0.rlp] } ?? []), .number(paid.units),
            .number(cumulative.units), .bytes(root.bytes), .list(payoutPath.map { .bytes($0.bytes) }),
        ]).encoded
    }

    /// Reads the one encoding. What it says is still to be judged: `objections`.
    ///
    /// - Throws: `EthereumError.malformed`.
    package init(encoded bytes: some Collection<UInt8>) throws(EthereumError) {
        let items = try RLP(encoded: bytes).asList()
        guard items.count == 16, try items[0].asText() == "storj-partner-1",
            let satellite = Bytes32(try items[1].asBytes()), let payer = Address(try items[2].asBytes()),
            let wallet = Address(try items[4].asBytes()),
            let month = UInt32(exactly: try items[5].asUInt64()).flatMap(BillingMonth.init(number:)),
            let percent = UInt32(exactly: try items[7].asUInt64()), let root = Bytes32(try items[14].asBytes())
        else { throw .malformed("partner's statement") }
        var lines: [Line] = []
        for item in try items[8].asList() {
            let fields = try item.asList()
            guard fields.count == 3 else { throw .malformed("partner's statement") }
            lines.append(
                Line(
                    paid: try PaidLine(rlp: fields[0]), share: USDAmount(micro: try fields[1].asInt64()),
                    path: try fields[2].asWords()))
        }
        let quotes = try items[11].asList()
        guard quotes.count <= 1 else { throw .malformed("partner's statement") }
        self.init(
            satellite: NodeID(storage: satellite), payer: payer, partner: try items[3].asText(), wallet: wallet,
            month: month, issuedAt: try items[6].asUInt64(), percent: percent, lines: lines,
            carried: USDAmount(micro: try items[9].asInt64()), owed: USDAmount(micro: try items[10].asInt64()),
            quote: quotes.isEmpty ? nil : try Quote(rlp: quotes[0]), paid: TokenAmount(try items[12].asUInt64()),
            cumulative: TokenAmount(try items[13].asUInt64()), root: root, payoutPath: try items[15].asWords())
    }
}

extension RLP {
    fileprivate func asWords() throws(EthereumError) -> [Bytes32] {
        var words: [Bytes32] = []
        for item in try asList() {
            guard let word = Bytes32(try item.asBytes()) else { throw .malformed("RLP: 32 bytes are expected") }
            words.append(word)
        }
        return words
    }
}
