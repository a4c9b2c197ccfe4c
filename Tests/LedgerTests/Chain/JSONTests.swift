import Ethereum
import Ledger
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        "null", "true", "[]", "{}", "\"a\\\"b\"", "[1,-2.5e3,{\"a\":[null,\"x\"]}]", "\"\\u0001\"",
    ])
    func `what is written is read again`(_ text: String) throws {
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(String(decoding: value.encoded, as: UTF8.self) == text)
        #expect(try JSONValue(parsing: value.encoded) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "[1 2]", "\"a", "\"\\x\"", "\"\\ud800\"", "01x", "+1", ".5", "1 1",
        "{\"a\":1,\"a\":1}", "\"\u{1}\"", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "-", "{1:2}",
    ])
    func `text that is no JSON is refused`(_ text: String) {
        #expect(throws: LedgerError.self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test func `every truncation of an answer is refused`() throws {
        let text = Array("{\"jsonrpc\":\"2.0\",\"id\":12,\"result\":[{\"data\":\"0x00\",\"n\":-1.5}]}".utf8)
        for count in text.indices { #expect(throws: LedgerError.self) { try JSONValue(parsing: Array(text[..<count])) } }
    }

    @Test func `escapes and surrogates become characters`() throws {
        #expect(try JSONValue(parsing: Array("\"\\u00e9\\ud83d\\ude00\\/\\n\"".utf8)) == .text("é😀/\n"))
    }

    @Test func `quantities have no leading zeros, data has whole bytes`() throws {
        #expect(try JSONValue.text("0x0").quantity() == .zero)
        #expect(try JSONValue.text("0x10").small() == 16)
        #expect(JSONValue.quantity(UInt64(4096)) == .text("0x1000"))
        for text in ["0x", "0x00", "0x01", "10", "0xg", "0x1" + String(repeating: "0", count: 64), ""] {
            #expect(throws: LedgerError.self) { try JSONValue.text(text).quantity() }
        }
        #expect(throws: LedgerError.self) { try JSONValue.text("0x1" + String(repeating: "0", count: 16)).small() }
        #expect(try JSONValue.text("0x").data().isEmpty)
        for text in ["0x1", "1", "0xzz"] { #expect(throws: LedgerError.self) { try JSONValue.text(text).data() } }
        #expect(throws: LedgerError.self) { try JSONValue.number("1").quantity() }
        #expect(throws: LedgerError.self) { try JSONValue.text("0x0102").word() }
    }
}
