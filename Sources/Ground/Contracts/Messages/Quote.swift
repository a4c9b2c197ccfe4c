package import Ethereum
package import StorageModel

/// What a token cost at a moment, and who said so: every exchange between dollars and STORJ names one.
///
/// - Source: economy design §4, §6.3.
package struct Quote: Hashable, Sendable {
    /// STORJ in dollars, the only pair there is.
    package static let storjUSD = label("STORJ/USD")
    /// Prices a source may give, millionths of a dollar for a token: anything else is a mistake, not a market.
    package static let plausible: ClosedRange<UInt64> = 1...1_000_000_000_000

    /// What is priced in what, as a label.
    package var pair: Bytes32
    /// Millionths of a dollar for one token.
    package var microUSD: UInt64
    /// Seconds since 1970 at which it was the price.
    package var time: UInt64
    /// Where it comes from, as a label.
    package var source: Bytes32
    /// Grows from quote to quote of who publishes them; zero for one that was not published.
    package var sequence: UInt64

    /// A quote.
    package init(pair: Bytes32 = Quote.storjUSD, microUSD: UInt64, time: UInt64, source: Bytes32, sequence: UInt64 = 0) {
        self.pair = pair
        self.microUSD = microUSD
        self.time = time
        self.source = source
        self.sequence = sequence
    }

    /// A short text as a word: its bytes with zeros behind, or its hash when it has more than 32.
    package static func label(_ text: String) -> Bytes32 {
        let bytes = Array(text.utf8)
        return Bytes32(bytes + [UInt8](repeating: 0, count: max(0, 32 - bytes.count))) ?? Keccak256.hash(bytes)
    }

    /// The source as text: what it was made of, or hexadecimal digits for a hash.
    package var sourceName: String {
        let bytes = source.bytes.prefix { $0 != 0 }
        let isText = source.bytes.dropFirst(bytes.count).allSatisfy { $0 == 0 } && bytes.allSatisfy { (32..<127).contains($0) }
        return isText ? String(decoding: bytes, as: UTF8.self) : Hexadecimal.encode(source.bytes)
    }

    private static let type = TypedStruct(
        "Quote",
        [
            ("pair", .value(.fixedBytes(32))), ("microUsd", .value(.uint(64))), ("time", .value(.uint(64))),
            ("source", .value(.fixedBytes(32))), ("sequence", .value(.uint(64))),
        ])

    /// Names this quote in journals and statements: the hash of all its fields.
    package var id: Bytes32 {
        do {
            return try Self.type.hash([.word(pair), .uint(microUSD), .uint(time), .word(source), .uint(sequence)])
        } catch { preconditionFailure("the values are of the type's fields") }
    }

    /// What is signed.
    package func digest(in domain: SigningDomain) -> Bytes32 { domain.digest(id) }

    // MARK: Exchange

    /// Tokens for dollars, rounded down; nil for less than nothing, more than there can be, or no price.
    package func storj(for amount: USDAmount) -> TokenAmount? {
        guard amount.micro >= 0 else { return nil }
        return Self.scale(UInt64(amount.micro), TokenAmount.unitsPerToken, by: microUSD).map(TokenAmount.init)
    }

    /// Dollars for tokens, rounded down; nil for more than there can be, or no price.
    package func usd(for amount: TokenAmount) -> USDAmount? {
        guard microUSD > 0 else { return nil }
        return Self.scale(amount.units, microUSD, by: TokenAmount.unitsPerToken).flatMap(Int64.init(exactly:)).map(
            USDAmount.init(micro:))
    }

    private static func scale(_ value: UInt64, _ factor: UInt64, by divisor: UInt64) -> UInt64? {
        let (high, low) = value.multipliedFullWidth(by: factor)
        // The quotient fits exactly when the upper half is below the divisor; that also leaves out zero.
        return high < divisor ? divisor.dividingFullWidth((high, low)).quotient : nil
    }

    // MARK: Encoding

    /// As a list in a statement.
    package var rlp: RLP {
        .list([.bytes(pair.bytes), .number(microUSD), .number(time), .bytes(source.bytes), .number(sequence)])
    }

    /// From a list in a statement.
    ///
    /// - Throws: `EthereumError.malformed`.
    package init(rlp: RLP) throws(EthereumError) {
        let items = try rlp.asList()
        guard items.count == 5, let pair = Bytes32(try items[0].asBytes()), let source = Bytes32(try items[3].asBytes()),
            let microUSD = try items[1].asNumber().uint64, let time = try items[2].asNumber().uint64,
            let sequence = try items[4].asNumber().uint64
        else { throw .malformed("quote") }
        self.init(pair: pair, microUSD: microUSD, time: time, source: source, sequence: sequence)
    }
}
