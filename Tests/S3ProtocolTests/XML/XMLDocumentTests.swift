import HTTPTypes
import S3Protocol
import Testing
import XML

@Suite struct XMLDocumentTests {
    private func read(_ text: String) throws -> XMLElement { try XMLReader.read(Array(text.utf8)) }

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

    @Test func `what cannot be read is refused as S3 does`() {
        for text in ["", "<a>", "<!DOCTYPE a><a/>", "<a>&b;</a>"] {
            do throws(S3Error) {
                _ = try XMLReader.read(Array(text.utf8))
                Issue.record("\(text) was read")
            } catch {
                #expect(error.code == .malformedXML && error.status == .badRequest)
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
