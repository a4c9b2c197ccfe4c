import ConsoleKit
import HTTPTypes
import Testing
import WebTesting

@Suite struct FormTests {
    private func parsed(_ text: String) -> Form? { Form(urlEncoded: Array(text.utf8), maximumFields: 5) }

    @Test func `fields are decoded strictly`() throws {
        let form = try #require(parsed("a=1+2&b=%C3%A9&a=3&c&d="))
        #expect(form["a"] == "1 2")
        #expect(form.values("a") == ["1 2", "3"])
        #expect(form["b"] == "é")
        #expect(form["c"] == "")
        #expect(form["e"] == nil)
    }

    @Test(arguments: ["a=%", "a=%4", "a=%zz", "a=%ff", "a=%c3", "a=%00", "a=1&b=2&c=3&d=4&e=5&f=6"])
    func `what is no form is refused`(text: String) {
        #expect(parsed(text) == nil)
    }

    @Test func `a form that is too large is refused`() async throws {
        let visitor = try SampleApp().visitor
        let token = try await visitor.get("/").csrf
        let answer = try await visitor.post("/sign-in", [("csrf", token), ("name", String(repeating: "x", count: 70_000))])
        #expect(answer.status == 413)
        let many = (0..<300).map { ("f\($0)", "") }
        #expect(try await visitor.post("/sign-in", [("csrf", token)] + many).status == 400)
        let broken = Array("name=%ff".utf8)
        let unread = try await visitor.send(.post, "/sign-in", body: broken, type: "application/x-www-form-urlencoded")
        #expect(unread.status == 400)
    }

    @Test func `text has a length and no control characters, and the reason stands beside the field`() throws {
        var form = try #require(parsed("n=%20Ann%20&long=abcdef&c=a%07b&empty=%20"))
        #expect(form.text("n", "Name", 1...10) == "Ann")
        #expect(form.isValid)
        #expect(form.text("long", "Name", 1...5) == "")
        #expect(form.text("c", "Name", 1...5) == "")
        #expect(form.text("empty", "Nickname", 1...5) == "")
        #expect(form.text("missing", "Age", 1...5) == "")
        #expect(form.errors.map(\.name) == ["long", "c", "empty", "missing"])
        #expect(form.error("empty") == "Nickname is missing.")
        #expect(Field(.text, "long", "Name", form: form).error == form.error("long"))
        #expect(Field(.text, "long", "Name", form: form).value == "abcdef")
        #expect(Field(.password, "long", "Name", form: form).value == "")
    }

    @Test(arguments: [
        ("1.5", 1_500_000), ("0", 0), ("0.000001", 1), ("007", 7_000_000), ("9223372036854", 9_223_372_036_854_000_000),
        ("1.0000001", nil), ("-1", nil), ("1e3", nil), (".5", nil), ("5.", nil), ("", nil), ("1,5", nil), ("9223372036855", nil),
        ("٣", nil), ("1.2.3", nil),
    ] as [(String, Int64?)])
    func `a decimal number is an exact integer of its unit, or refused`(text: String, value: Int64?) {
        #expect(Form.decimal(text, scale: 6) == value)
    }

    @Test func `numbers and choices stay within what is offered`() throws {
        var form = try #require(parsed("n=5&big=99&role=owner&on=on"))
        #expect(form.integer("n", "Number", 1...10) == 5)
        #expect(form.flag("on"))
        #expect(form.integer("big", "Number", 1...10) == 1)
        #expect(form.choice("role", "Role", ["member", "admin"]) == "member")
        #expect(form.errors.map(\.name) == ["big", "role"])
    }
}
