import Testing
import XML

@Suite struct XMLReaderTests {
    private func read(_ text: String, limits: XMLLimits = XMLLimits()) throws -> XMLElement {
        try XMLReader.parse(Array(text.utf8), limits: limits)
    }

    private func isRefused(_ text: String) -> Bool { (try? read(text)) == nil }

    @Test func `elements have names without prefixes, their text and their attributes`() throws {
        let root = try read("<u:root xmlns:u='urn:x'> a <b c='d'>e</b> f <b/></u:root>")
        #expect(root.name == "root")
        #expect(root.value == "a  f")
        #expect(root.all("b").map(\.value) == ["e", ""])
        #expect(root.all("b")[0].attributes == ["c": "d"])
    }

    @Test func `an XML bomb is refused where it begins: no document type, no entity of one's own`() {
        let bombs = [
            #"<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>"#,
            #"<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>"#,
            #"<!DOCTYPE a [<!ENTITY x SYSTEM "http://169.254.169.254/">]><a>&x;</a>"#,
            "<a>&b;</a>", "<a>&lol9;</a>", "<a b=\"&x;\"/>", "<a><!ENTITY b 'c'></a>",
        ]
        for bomb in bombs { #expect(isRefused(bomb), "\(bomb)") }
    }

    @Test func `a document deeper, longer or with more elements than the limits is refused`() throws {
        let deep = { (depth: Int) in
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        #expect(try read(deep(XMLLimits().depth)).name == "a")
        #expect(isRefused(deep(XMLLimits().depth + 1)))
        #expect(isRefused(deep(100_000)))
        let wide = "<a>" + String(repeating: "<b/>", count: XMLLimits().elementCount) + "</a>"
        #expect(isRefused(wide))
        #expect(isRefused("<a>" + String(repeating: " ", count: XMLLimits().byteCount) + "</a>"))
        let attributes = (0...XMLLimits().attributeCount).map { "a\($0)='1'" }.joined(separator: " ")
        #expect(isRefused("<a \(attributes)/>"))
        #expect(isRefused("<\(String(repeating: "n", count: 129))/>"))
    }

    @Test(arguments: [
        "", " ", "text", "<", "<a", "<a>", "<a/", "</a>", "<a></b>", "<a><b></a></b>", "<a/><b/>", "<a/>text", "<a/><",
        "<a b/>", "<a b=/>", "<a b=c/>", "<a b='1' b='2'/>", "<a b='1'c='2'/>", "<a b='<'/>", "<a b='", "<a>&</a>",
        "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#x110000;</a>", "<a>&#99999999;</a>", "<a>&#;</a>", "<a>&#xG;</a>",
        "<a>&amp</a>", "<a>\u{0}</a>", "<a>\u{1}</a>", "<a><!-- </a>", "<a><![CDATA[ </a>", "<?xml <a/>", "< a/>",
        "<a>&am",
    ])
    func `what is no whole document is refused`(text: String) {
        #expect(isRefused(text))
    }

    @Test func `bytes that are no text are refused, and so is every broken copy of a document`() throws {
        #expect(throws: XMLError()) {
            try XMLReader.parse([0x3C, 0x61, 0x3E, 0xFF, 0x3C, 0x2F, 0x61, 0x3E])
        }
        let document = Array(
            "<?xml version='1.0'?><Tagging><TagSet><Tag><Key>a&#98;</Key><Value>c</Value></Tag></TagSet></Tagging>".utf8
        )
        for count in 0..<document.count {
            #expect(throws: XMLError()) { try XMLReader.parse(Array(document[..<count])) }
        }
        // Any byte may be any other: an answer or a refusal, never a trap.
        for index in document.indices {
            for byte in [UInt8(0), 0x22, 0x26, 0x2F, 0x3B, 0x3C, 0x3E, 0x80, 0xFF] {
                var broken = document
                broken[index] = byte
                _ = try? XMLReader.parse(broken)
            }
        }
    }
}
