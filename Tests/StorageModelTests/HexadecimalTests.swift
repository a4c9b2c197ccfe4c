import StorageModel
import Testing

@Suite struct HexadecimalTests {
    @Test func `every byte survives, in either case`() {
        let bytes = Array(UInt8.min...UInt8.max)
        let text = Hexadecimal.encode(bytes)
        #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
        #expect(Hexadecimal.decode(text) == bytes)
        #expect(Hexadecimal.decode(text.uppercased()) == bytes)
    }

    @Test(arguments: ["0", "0g", "+1", " 00", "é"])
    func `odd counts and foreign characters are refused`(text: String) {
        #expect(Hexadecimal.decode(text) == nil)
    }
}
