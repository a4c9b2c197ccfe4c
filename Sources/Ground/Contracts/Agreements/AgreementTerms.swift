package import Ethereum
package import StorageModel

/// What a payer and a farmer agree on: which bytes, for how long, at what price, and what happens when they are lost.
///
/// - Source: economy design §6.2.
package struct AgreementTerms: Hashable, Sendable {
    /// Who pays.
    package var payer: Address
    /// Who stores.
    package var farmer: Address
    /// Whose signature makes a receipt.
    package var signer: Address
    /// Root of the committed set.
    package var root: Bytes32
    /// Chunks in the set, at least 1.
    package var chunkCount: UInt64
    /// When the first period begins, seconds since 1970.
    package var start: UInt64
    /// Seconds of a period.
    package var period: UInt64
    /// Periods, 1…256.
    package var periodCount: UInt64
    /// For each period.
    package var price: TokenAmount
    /// Seconds to prove after the epoch of a period's beacon.
    package var window: UInt64
    /// Further seconds before the payer may be refunded.
    package var grace: UInt64
    /// What the farmer locks.
    package var collateral: TokenAmount
    /// What the farmer loses for each missed period, as far as the collateral goes.
    package var penalty: TokenAmount
    /// Tells agreements of the same two apart.
    package var salt: Bytes32

    /// Terms.
    package init(
        payer: Address, farmer: Address, signer: Address, root: Bytes32, chunkCount: UInt64, start: UInt64,
        period: UInt64, periodCount: UInt64, price: TokenAmount, window: UInt64, grace: UInt64,
        collateral: TokenAmount, penalty: TokenAmount, salt: Bytes32
    ) {
        self.payer = payer
        self.farmer = farmer
        self.signer = signer
        self.root = root
        self.chunkCount = chunkCount
        self.start = start
        self.period = period
        self.periodCount = periodCount
        self.price = price
        self.window = window
        self.grace = grace
        self.collateral = collateral
        self.penalty = penalty
        self.salt = salt
    }

    /// Seconds any of the times may have at most: a hundred years.
    package static let maximumSeconds: UInt64 = 100 * 365 * 86400
    /// Periods at most: two words of bits.
    package static let maximumPeriodCount: UInt64 = 256

    private static let type = TypedStruct(
        "Terms",
        [
            ("payer", .value(.address)), ("farmer", .value(.address)), ("signer", .value(.address)),
            ("root", .value(.fixedBytes(32))), ("chunks", .value(.uint(256))), ("start", .value(.uint(256))),
            ("period", .value(.uint(256))), ("periods", .value(.uint(256))), ("price", .value(.uint(256))),
            ("window", .value(.uint(256))), ("grace", .value(.uint(256))), ("collateral", .value(.uint(256))),
            ("penalty", .value(.uint(256))), ("salt", .value(.fixedBytes(32))),
        ])

    /// The agreement's id: the hash both sign.
    package var id: Bytes32 {
        do { return try Self.type.hash(values) } catch { preconditionFailure("the values are of the type's fields") }
    }

    /// As a contract takes them.
    package var value: ABIValue { .tuple(values) }

    private var values: [ABIValue] {
        [
            .address(payer), .address(farmer), .address(signer), .word(root), .uint(chunkCount), .uint(start),
            .uint(period), .uint(periodCount), .uint(price.units), .uint(window), .uint(grace), .uint(collateral.units),
            .uint(penalty.units), .word(salt),
        ]
    }

    /// What the farmer signs.
    package func digest(in domain: SigningDomain) -> Bytes32 { domain.digest(id) }

    /// Whether the numbers make sense together; with them no later arithmetic can overflow.
    package var isSound: Bool {
        let seconds = [period, window, grace]
        return payer != .zero && farmer != .zero && signer != .zero && chunkCount > 0
            && (1...Self.maximumPeriodCount).contains(periodCount) && period > 0
            && seconds.allSatisfy { $0 <= Self.maximumSeconds } && start <= 1 << 40 && price > .zero
            && price.multiplied(by: periodCount) != nil && penalty <= collateral
    }

    /// When a period is over. Sound terms only.
    package func end(of index: UInt64) -> UInt64 { start + (index + 1) * period }

    /// The epoch whose beacon challenges a period: the first whole one after its end. Sound terms only.
    package func epoch(of index: UInt64) -> UInt64 { (end(of: index) + BeaconState.epochSeconds - 1) / BeaconState.epochSeconds }

    /// The last second in which a period can be proven. Sound terms only.
    package func proofDeadline(of index: UInt64) -> UInt64 {
        (epoch(of: index) + 1) * BeaconState.epochSeconds + window
    }
}

/// Up to 256 periods, one bit each.
package struct PeriodSet: Hashable, Sendable {
    /// Bit k stands for period k.
    package private(set) var mask: UInt256

    /// No period.
    package init() { mask = .zero }
    /// The periods whose bits are set.
    package init(mask: UInt256) { self.mask = mask }
    /// Periods by number, below 256.
    package init(_ periods: some Sequence<UInt64>) {
        self.init()
        for period in periods { insert(period) }
    }

    /// Whether a period is in it.
    package func contains(_ period: UInt64) -> Bool { period < 256 && mask.isSet(bit: Int(period)) }

    /// Puts a period in.
    package mutating func insert(_ period: UInt64) {
        precondition(period < 256, "a set has 256 periods")
        // Adding a power of two that is not there yet sets its bit.
        if !contains(period) { mask = mask.addingReportingOverflow(UInt256(1) << Int(period)).value }
    }

    /// The periods in order.
    package var periods: [UInt64] { (0..<256).filter(contains) }
}
