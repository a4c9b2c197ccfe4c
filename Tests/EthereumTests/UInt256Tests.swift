import Ethereum
import StorageModel
import TestSupport
import Testing

@Suite struct UInt256Tests {
    @Test(arguments: [
        ("0", "0x0"), ("255", "0xff"), ("18446744073709551616", "0x10000000000000000"),
        ("115792089237316195423570985008687907853269984665640564039457584007913129639935", "0x" + String(repeating: "f", count: 64)),
    ])
    func `decimal and hexadecimal texts mean the same`(decimal: String, hexadecimal: String) throws {
        let number = try #require(UInt256(decimal))
        #expect(UInt256(hexadecimal) == number)
        #expect(number.description == decimal)
    }

    @Test(arguments: ["", "0x", "-1", "1.5", "0xg", "1e3", " 1", "0x1" + String(repeating: "0", count: 64)])
    func `other texts are no numbers`(text: String) {
        #expect(UInt256(text) == nil)
    }

    @Test func `too large a decimal is refused`() {
        #expect(UInt256("115792089237316195423570985008687907853269984665640564039457584007913129639936") == nil)
    }

    @Test func `arithmetic agrees with itself over random numbers`() throws {
        let random = RandomSource.seeded(7)
        for _ in 0..<2000 {
            let a = try draw(random)
            let b = try draw(random)
            let (sum, overflow) = a.addingReportingOverflow(b)
            let (back, underflow) = sum.subtractingReportingOverflow(b)
            #expect(back == a)
            #expect(overflow == (sum < a))
            // What wrapped when adding wraps again when subtracting.
            #expect(underflow == overflow)
            guard let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b) else {
                #expect(b == .zero)
                continue
            }
            #expect(remainder < b)
            let (product, tooLarge) = quotient.multipliedReportingOverflow(by: b)
            #expect(!tooLarge)
            #expect(product.addingReportingOverflow(remainder).value == a)
        }
    }

    @Test func `the edges overflow as they should`() {
        #expect(UInt256.max.addingReportingOverflow(UInt256(1)).overflow)
        #expect(UInt256.zero.subtractingReportingOverflow(UInt256(1)).overflow)
        #expect(!UInt256.max.subtractingReportingOverflow(.max).overflow)
        #expect(UInt256.max.multipliedReportingOverflow(by: UInt256(2)).overflow)
        #expect(!UInt256.max.multipliedReportingOverflow(by: UInt256(1)).overflow)
        #expect((UInt256(1) << 128).multipliedReportingOverflow(by: UInt256(1) << 128).overflow)
        #expect(UInt256(1).quotientAndRemainder(dividingBy: .zero) == nil)
    }

    @Test(arguments: [0, 1, 63, 64, 65, 128, 200, 255, 256])
    func `shifting multiplies and divides by powers of two`(count: Int) throws {
        let one = UInt256(1)
        let shifted = one << count
        #expect(shifted.isSet(bit: count) == (count < 256))
        #expect(shifted >> count == (count < 256 ? one : .zero))
        #expect(UInt256.max >> count == (count == 0 ? .max : (one << (256 - count)).subtractingReportingOverflow(one).value))
    }

    /// Numbers of all lengths.
    private func draw(_ random: RandomSource) throws -> UInt256 {
        try #require(UInt256(bigEndian: random.bytes(count: Int(random.next() % 33))))
    }
}
