import Contracts
import Testing

@Suite struct TokenAmountTests {
    @Test(arguments: [
        ("0", 0), ("1", 100_000_000), ("0.5", 50_000_000), ("0.00000001", 1), ("425000000", 42_500_000_000_000_000),
        ("12.34567891", 1_234_567_891),
    ] as [(String, UInt64)])
    func `texts and base units mean the same`(text: String, units: UInt64) {
        #expect(TokenAmount(text) == TokenAmount(units))
        #expect(TokenAmount(units).description == text)
    }

    @Test(arguments: ["", ".", "1.", ".5", "-1", "1e8", "1.000000001", "184467440738", "1,5", " 1"])
    func `other texts are refused`(text: String) {
        #expect(TokenAmount(text) == nil)
    }

    @Test func `arithmetic never wraps`() {
        #expect(TokenAmount(.max).adding(TokenAmount(1)) == nil)
        #expect(TokenAmount(1).subtracting(TokenAmount(2)) == nil)
        #expect(TokenAmount(.max).multiplied(by: 2) == nil)
    }
}
