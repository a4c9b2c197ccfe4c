import HTTPTypes
import S3Protocol
import Testing

@Suite struct XMLReaderTests {
    private func read(_ text: String, limits: XMLLimits = XMLLimits()) throws -> XMLElement {
        try XMLReader.read(Array(text.utf8), limits: limits)
    }

    private func isRefused(_ text: String, limits: XMLLimits = XMLLimits()) -> Bool {
        do throws(S3Error) {
            _ = try XMLReader.read(Array(text.utf8), limits: limits)
            return false
        } catch {
            return error.code == .malformedXML && error.status == .badRequest
        }
    }

    @Test func `elements, attributes and text come out as they were written`() throws {
        let root = try read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a list -->
            <s3:Delete xmlns:s3="http://s3.amazonaws.com/doc/2006-03-01/" kind='x "y"'>
              <Object><Key>a &lt;b&gt; &amp; &#x63;&#100;</Key></Object><Object/><Quiet> true </Quiet>
              <Key><![CDATA[<raw> & ]]]]>more</Key>
            </s3:Delete>
            <!-- end -->
            """)
        #expect(root.name == "Delete")
        #expect(root.attributes["kind"] == #"x "y""#)
        #expect(root.all("Object").count == 2)
        #expect(try root.all("Object")[0].text("Key") == "a <b> & cd")
        #expect(try root.flag("Quiet") == true)
        #expect(try root.text("Key") == "<raw> & ]]more")
        #expect(try root.number("None") == nil)
        #expect(throws: S3Error(.malformedXML)) { try root.one("Object") }
        #expect(throws: S3Error(.malformedXML)) { try root.required("None") }
        #expect(throws: S3Error(.malformedXML)) { try root.number("Quiet") }
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
        #expect(throws: S3Error(.malformedXML)) {
            try XMLReader.read([0x3C, 0x61, 0x3E, 0xFF, 0x3C, 0x2F, 0x61, 0x3E])
        }
        let document = Array(
            "<?xml version='1.0'?><Tagging><TagSet><Tag><Key>a&#98;</Key><Value>c</Value></Tag></TagSet></Tagging>".utf8
        )
        for count in 0..<document.count {
            #expect(throws: S3Error(.malformedXML)) { try XMLReader.read(Array(document[..<count])) }
        }
        // Any byte may be any other: an answer or a refusal, never a trap.
        for index in document.indices {
            for byte in [UInt8(0), 0x22, 0x26, 0x2F, 0x3B, 0x3C, 0x3E, 0x80, 0xFF] {
                var broken = document
                broken[index] = byte
                do throws(S3Error) { _ = try XMLReader.read(broken) } catch { #expect(error.code == .malformedXML) }
            }
        }
    }

    @Test func `what is written is read back as it was`() throws {
        let text = "a<b>&\"'\r\n\té\u{1F600}"
        let bytes = XMLWriter.document("Root") { writer in
            writer.element("In", ["a": text]) { $0.text("Text", text) }
            writer.number("Number", -5)
            writer.flag("Flag", false)
            writer.text("Nothing", nil)
        }
        let root = try XMLReader.read(bytes, named: "Root")
        #expect(root.attributes["xmlns"] == XMLWriter.namespace)
        #expect(try root.required("In").attributes["a"] == text)
        #expect(try root.required("In").text("Text") == text)
        #expect(try root.number("Number") == -5)
        #expect(try root.flag("Flag") == false)
        #expect(try root.one("Nothing") == nil)
        #expect(throws: S3Error(.malformedXML)) { try XMLReader.read(bytes, named: "Other") }
        // Characters that XML cannot have do not make a document that nobody can read.
        let odd = XMLWriter.document("Root") { $0.text("Text", "a\u{0}b\u{1F}\u{FFFE}") }
        #expect(try XMLReader.read(odd).text("Text") == "a\u{FFFD}b\u{FFFD}\u{FFFD}")
    }
}
