import StorageModel
import Testing

@Suite struct Base32Tests {
    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ])
    func `RFC 4648's examples hold without padding`(plain: String, text: String) {
        #expect(Base32.encode(Array(plain.utf8)) == text)
        #expect(Base32.decode(text) == Array(plain.utf8))
    }

    @Test(arguments: ["A", "MZ1W6", "mzxw6", "MZXW6===", "MZX", "MZ", "MZXW6YTBO"])
    func `foreign characters, impossible lengths and stray bits are refused`(text: String) {
        #expect(Base32.decode(text) == nil)
    }
}
