package import Ethereum
package import StorageModel

/// What one period earned a farmer, and how it was computed: everything is in it, so that both sides and any stranger
/// come to the same bytes. Its hash stands in the voucher.
///
/// A farmer's statements are a chain: each names the one before, never settles a second twice, and adds to what that one
/// summed up.
///
/// - Source: economy design §6.4.
package struct Statement: Hashable, Sendable {
    /// Whose books it is from: the satellite, or the customer of a farmer without one.
    package var payerNode: NodeID
    /// Whom it is about.
    package var node: NodeID
    /// Who pays.
    package var payer: Address
    /// Who is paid.
    package var farmer: Address
    /// By what; zero for pay by roots.
    package var channel: Bytes32
    /// The heartbeat's period.
    package var period: UInt32
    /// `digest` of the farmer's last statement of this payer; zero for the first.
    package var previous: Bytes32
    /// The time that is settled, seconds since 1970: from the end of the last statement, or from the heartbeat before for
    /// a node that was in none then, until the heartbeat's moment. Empty when nothing could be decided about it; the next
    /// statement then settles it too.
    package var from: UInt64
    package var until: UInt64
    /// The heartbeat behind it; nil when there was none, and only traffic is paid.
    package var heartbeat: Heartbeat?
    /// The hours whose settled orders are paid, seconds since 1970 they begin at, ascending.
    package var hours: [UInt64]
    /// `settledOrders(_:)` of those hours.
    package var orders: Bytes32
    /// `PriceSheet.digest` of the sheet in force; zero for the payer's published default prices.
    package var sheet: Bytes32
    /// In what its prices are named.
    package var denomination: PriceSheet.Denomination
    /// What the dollar amounts were converted by; nil for prices in STORJ.
    package var quote: Quote?
    /// What was done and earned, one line a kind, in the order of the kinds; kinds without bytes are left out.
    package var lines: [Line]
    /// What is kept back of the lines' sum until later.
    package var held: TokenAmount
    /// What was held earlier and is paid now.
    package var disposed: TokenAmount
    /// What is paid for this period: lines − held + disposed.
    package var amount: TokenAmount
    /// All that is due to the farmer since the channel was opened; for roots, since the beginning.
    package var cumulative: TokenAmount

    /// A statement of its parts; `objection` says whether they fit together.
    package init(
        payerNode: NodeID, node: NodeID, payer: Address, farmer: Address, channel: Bytes32, period: UInt32,
        previous: Bytes32, from: UInt64, until: UInt64, heartbeat: Heartbeat?, hours: [UInt64], orders: Bytes32,
        sheet: Bytes32, denomination: PriceSheet.Denomination, quote: Quote?, lines: [Line], held: TokenAmount,
        disposed: TokenAmount, amount: TokenAmount, cumulative: TokenAmount
    ) {
        self.payerNode = payerNode
        self.node = node
        self.payer = payer
        self.farmer = farmer
        self.channel = channel
        self.period = period
        self.previous = previous
        self.from = from
        self.until = until
        self.heartbeat = heartbeat
        self.hours = hours
        self.orders = orders
        self.sheet = sheet
        self.denomination = denomination
        self.quote = quote
        self.lines = lines
        self.held = held
        self.disposed = disposed
        self.amount = amount
        self.cumulative = cumulative
    }

    /// Hours in one statement at most: more than a year.
    package static let maximumHourCount = 10_000

    /// What the voucher names: the hash of the encoding.
    package var digest: Bytes32 { Keccak256.hash(encoded) }

    /// The line of a kind; nil when nothing of it was done.
    package func line(_ kind: ServiceKind) -> Line? { lines.first { $0.kind == kind } }

    /// What is earned for a kind; nil for more than there can be, or without a needed quote.
    package static func earned(
        _ kind: ServiceKind, price: UInt64, bytes: UInt64, seconds: UInt64, denomination: PriceSheet.Denomination,
        quote: Quote?
    ) -> TokenAmount? {
        Pay(denomination, quote: quote)?.earned(kind, price: price, bytes: bytes, seconds: seconds)
    }

    /// The hash of settled orders: both sides have the sums of every hour, by the wire's number of the action.
    ///
    /// - Parameter sums: in any order; those without bytes do not count.
    package static func settledOrders(_ sums: [SettledOrders]) -> Bytes32 {
        let sums = sums.filter { $0.bytes > 0 }.sorted { ($0.hour, $0.action) < ($1.hour, $1.action) }
        return Keccak256.hash(RLP.list(sums.map { .list([$0.hour.rlp, $0.action.rlp, $0.bytes.rlp]) }).encoded)
    }
}

/// The settled orders of a node, an hour and an action, summed up.
package struct SettledOrders: Hashable, Sendable {
    /// Seconds since 1970 the hour begins at.
    package var hour: UInt64
    /// The wire's number of the action.
    package var action: UInt32
    package var bytes: UInt64

    /// A sum.
    package init(hour: UInt64, action: UInt32, bytes: UInt64) {
        self.hour = hour
        self.action = action
        self.bytes = bytes
    }
}

extension Statement {
    /// What the heartbeat of the period gave.
    package struct Heartbeat: Hashable, Sendable {
        /// Root of the committed set.
        package var root: Bytes32
        /// Chunks in the set.
        package var chunkCount: UInt64
        /// Bytes of the pieces in the set: what storage is paid for.
        package var byteCount: UInt64
        /// What the samples derived from; zero without a beacon.
        package var seed: Bytes32
        /// Samples asked for.
        package var sampleCount: UInt32
        /// What came of it.
        package var outcome: Outcome
        /// Digest of the evidence bundle; zero without an answer.
        package var evidence: Bytes32

        /// The heartbeat of its parts.
        package init(
            root: Bytes32, chunkCount: UInt64, byteCount: UInt64, seed: Bytes32, sampleCount: UInt32, outcome: Outcome,
            evidence: Bytes32
        ) {
            self.root = root
            self.chunkCount = chunkCount
            self.byteCount = byteCount
            self.seed = seed
            self.sampleCount = sampleCount
            self.outcome = outcome
            self.evidence = evidence
        }
    }

    /// The verdict, as far as pay depends on it. The numbers are those of heartbeat reports.
    package enum Outcome: UInt8, Hashable, Sendable, CaseIterable {
        case passed = 0
        case failed = 1
        case unreachable = 2
        case void = 4
    }

    /// One kind of service.
    package struct Line: Hashable, Sendable {
        package var kind: ServiceKind
        package var bytes: UInt64
        /// For storage: seconds for which the bytes were kept; zero otherwise.
        package var seconds: UInt64
        /// For 10¹² bytes, of storage over 720 hours, in the denomination's units.
        package var price: UInt64
        /// What it earned.
        package var amount: TokenAmount

        /// A line.
        package init(kind: ServiceKind, bytes: UInt64, seconds: UInt64, price: UInt64, amount: TokenAmount) {
            self.kind = kind
            self.bytes = bytes
            self.seconds = seconds
            self.price = price
            self.amount = amount
        }
    }
}
