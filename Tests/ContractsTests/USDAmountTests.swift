import Contracts
import StorageModel
import Testing

@Suite struct USDAmountTests {
    @Test(arguments: [
        ("0", 0), ("12", 12_000_000), ("1.50", 1_500_000), ("-1.5", -1_500_000), ("0.000001", 1), ("-0.000001", -1),
        ("9223372036854.775807", Int64.max),
    ])
    func `dollars are read to the millionth`(text: String, micro: Int64) { #expect(USDAmount(text)?.micro == micro) }

    @Test(arguments: ["", ".", "1.", ".5", "1.0000001", "1e3", "+1", "--1", "1,5", " 1", "9223372036854.775808", "٣"])
    func `what is no amount is refused`(text: String) { #expect(USDAmount(text) == nil) }

    @Test func `an amount is shown with two decimals at least, and read back`() {
        #expect(USDAmount(micro: 1_500_000).description == "1.50")
        #expect(USDAmount(micro: -500_000).description == "-0.50")
        #expect(USDAmount(micro: 1).description == "0.000001")
        #expect(USDAmount(micro: 12_000_000).description == "12.00")
        for micro in [Int64.min, -1, 0, 7, 1_234_567, .max] where micro > .min {
            #expect(USDAmount(USDAmount(micro: micro).description)?.micro == micro)
        }
    }

    @Test func `sums and shares that do not fit are none, and shares are rounded towards zero`() {
        #expect(USDAmount(micro: .max).adding(USDAmount(micro: 1)) == nil)
        #expect(USDAmount(micro: .min).negated == nil)
        #expect(USDAmount(micro: 19).percent(10)?.micro == 1)
        #expect(USDAmount(micro: -19).percent(10)?.micro == -1)
        #expect(USDAmount(micro: .max).percent(100)?.micro == .max)
        #expect(USDAmount(micro: .max).percent(101) == nil)
    }

    @Test func `tokens and dollars are exchanged with 128 bits in between, always rounded down`() {
        let quote = Quote(microUSD: 250_000, time: 1, source: Quote.label("test"))
        #expect(quote.usd(for: TokenAmount(100 * 100_000_000)) == USDAmount(micro: 25_000_000))
        #expect(quote.usd(for: TokenAmount(399)) == .zero)
        #expect(quote.usd(for: TokenAmount(400)) == USDAmount(micro: 1))
        #expect(quote.storj(for: USDAmount(micro: 25_000_000)) == TokenAmount(100 * 100_000_000))
        #expect(quote.storj(for: USDAmount(micro: -1)) == nil)
        let odd = Quote(microUSD: 3, time: 1, source: Quote.label("test"))
        #expect(odd.storj(for: USDAmount(micro: 1)) == TokenAmount(33_333_333))
        #expect(odd.storj(for: USDAmount(micro: .max)) == nil)
        // All tokens there are, at a thousand dollars each.
        let dear = Quote(microUSD: 1_000_000_000, time: 1, source: Quote.label("test"))
        #expect(dear.usd(for: TokenAmount(425_000_000 * 100_000_000))?.micro == 425_000_000_000_000_000)
        #expect(Quote(microUSD: 0, time: 1, source: Quote.label("x")).storj(for: USDAmount(micro: 5)) == nil)
    }

    @Test func `a quote is named by everything in it, and read back from its encoding`() throws {
        let quote = Quote(microUSD: 251_700, time: 1_767_225_600, source: Quote.label("coinbase"), sequence: 9)
        #expect(try Quote(rlp: quote.rlp) == quote)
        #expect(quote.sourceName == "coinbase")
        for change in [\Quote.microUSD, \.time, \.sequence] {
            var other = quote
            other[keyPath: change] += 1
            #expect(other.id != quote.id)
        }
    }
}
