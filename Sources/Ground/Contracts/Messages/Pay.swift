/// The arithmetic of pay: whole numbers only, one rounding, always down.
///
///     STORJ sheet:  units    = ⌊ price × bytes × seconds ÷ (10¹² × 2 592 000) ⌋
///     USD sheet:    units    = ⌊ price × bytes × seconds × 10⁸ ÷ (10¹² × 2 592 000 × micro-dollars per STORJ) ⌋
///
/// Traffic has no seconds: the factor and the month fall away. Every line is rounded on its own.
///
/// - Source: economy design §4.
package struct Pay: Hashable, Sendable {
    /// Bytes a price is for.
    package static let bytesPerTB: UInt64 = 1_000_000_000_000
    /// Seconds a price of storage is for: 720 hours.
    package static let secondsPerMonth: UInt64 = 720 * 3600

    /// In what the price is named.
    package let denomination: PriceSheet.Denomination
    /// What a token costs; nil where it does not matter, for prices in STORJ.
    package let quote: Quote?

    /// A way to compute; nil when prices in dollars come without a quote, or with one of zero: nothing is guessed.
    package init?(_ denomination: PriceSheet.Denomination, quote: Quote?) {
        if denomination == .microUSD, quote.map({ $0.microUSD == 0 }) ?? true { return nil }
        self.denomination = denomination
        self.quote = denomination == .microUSD ? quote : nil
    }

    /// What a service earns; nil for more than there can be.
    ///
    /// - Parameters:
    ///   - price: for 10¹² bytes, of storage over 720 hours, in the denomination's units.
    ///   - seconds: for which bytes were kept; read for storage only.
    package func earned(_ kind: ServiceKind, price: UInt64, bytes: UInt64, seconds: UInt64) -> TokenAmount? {
        let time = kind == .storage ? UInt128(seconds) : 1
        let perUnit = UInt128(Self.bytesPerTB) * UInt128(kind == .storage ? Self.secondsPerMonth : 1)
        // At most 64 and 27 bits, and 62 and 64 bits: neither product overflows.
        let factor = time * UInt128(quote == nil ? 1 : TokenAmount.unitsPerToken)
        let divisor = perUnit * UInt128(quote?.microUSD ?? 1)
        return Self.quotient(UInt128(price) * UInt128(bytes), factor, by: divisor).map(TokenAmount.init)
    }

    /// What a service earns in the denomination's own units, for those who read; nil for more than there can be.
    package static func worth(_ kind: ServiceKind, price: UInt64, bytes: UInt64, seconds: UInt64) -> UInt64? {
        let perUnit = UInt128(bytesPerTB) * UInt128(kind == .storage ? secondsPerMonth : 1)
        return quotient(UInt128(price) * UInt128(bytes), kind == .storage ? UInt128(seconds) : 1, by: perUnit)
    }

    /// ⌊ value × factor ÷ divisor ⌋, exactly; nil when it has more than 64 bits.
    private static func quotient(_ value: UInt128, _ factor: UInt128, by divisor: UInt128) -> UInt64? {
        let (high, low) = value.multipliedFullWidth(by: factor)
        guard high > 0 else { return UInt64(exactly: low / divisor) }
        // The quotient fits in 128 bits exactly when the upper half is below the divisor.
        guard high < divisor else { return nil }
        return UInt64(exactly: divisor.dividingFullWidth((high, low)).quotient)
    }
}
