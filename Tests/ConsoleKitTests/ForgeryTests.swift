import ConsoleKit
import HTTPTypes
import Testing
import WebTesting

@Suite struct ForgeryTests {
    @Test func `a form from the app's own page is taken`() async throws {
        let visitor = try SampleApp().visitor
        let answer = try await visitor.submit("/sign-in", page: "/", [("name", "Ann")])
        #expect(answer.status == 303)
        #expect(try await visitor.get("/").text.contains(">Ann</h1>"))
    }

    @Test func `a form without a token is refused and logged`() async throws {
        let sample = try SampleApp()
        let visitor = sample.visitor
        _ = try await visitor.get("/")
        #expect(try await visitor.post("/sign-in", [("name", "Ann")]).status == 403)
        #expect(sample.log.all.contains { $0.contains("a form was refused") })
        #expect(visitor.cookies.keys.allSatisfy { !$0.hasSuffix("-session") })
    }

    @Test func `a token of another browser is refused`() async throws {
        let sample = try SampleApp()
        let (thief, victim) = (sample.visitor, sample.visitor)
        let stolen = try await thief.get("/").csrf
        _ = try await victim.get("/")
        #expect(try await victim.post("/sign-in", [("name", "x"), ("csrf", stolen)]).status == 403)
    }

    @Test func `a token from before signing in is worthless afterwards`() async throws {
        let visitor = try SampleApp().visitor
        let old = try await visitor.get("/").csrf
        _ = try await visitor.submit("/sign-in", page: "/", [("name", "Ann")])
        #expect(try await visitor.post("/sign-out", [("csrf", old)]).status == 403)
        #expect(try await visitor.submit("/sign-out", page: "/", []).status == 303)
    }

    @Test func `every changed digit of a token is noticed`() async throws {
        let visitor = try SampleApp().visitor
        let token = try await visitor.get("/").csrf
        #expect(token.utf8.count == 64)
        for index in token.indices {
            var wrong = token
            wrong.replaceSubrange(index...index, with: token[index] == "0" ? "1" : "0")
            #expect(try await visitor.post("/sign-out", [("csrf", wrong)]).status == 403)
        }
        #expect(try await visitor.post("/sign-out", [("csrf", token)]).status == 303)
    }

    @Test func `a token looks different on every page`() async throws {
        let visitor = try SampleApp().visitor
        let first = try await visitor.get("/").csrf
        let second = try await visitor.get("/").csrf
        #expect(first != second)
    }

    @Test(arguments: [
        ("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ])
    func `what the browser calls foreign is refused even with a token`(name: String, value: String) async throws {
        let visitor = try SampleApp().visitor
        let token = try await visitor.get("/").csrf
        visitor.headers[HTTPField.Name(name)!] = value
        #expect(try await visitor.post("/sign-out", [("csrf", token)]).status == 403)
    }

    @Test func `a script's request carries the token in a header`() async throws {
        let visitor = try SampleApp().visitor
        let token = try await visitor.get("/").csrf
        let refused = try await visitor.send(.post, "/api/thing", body: Array("{}".utf8), type: "application/json")
        #expect(refused.status == 403)
        #expect(refused.text.contains("\"error\""))
        visitor.headers[HTTPField.Name("X-CSRF-Token")!] = token
        let taken = try await visitor.send(.post, "/api/thing", body: Array("{}".utf8), type: "application/json")
        #expect(taken.status == 200)
        #expect(taken.text == #"{"name":"thing"}"#)
    }

    @Test func `a program with a bearer token needs no form token, and its cookies do not count`() async throws {
        let visitor = try SampleApp().visitor
        _ = try await visitor.submit("/sign-in", page: "/", [("name", "Ann")])
        visitor.headers[.authorization] = "Bearer right"
        #expect(try await visitor.send(.post, "/api/thing", body: [], type: nil).status == 200)
        #expect(try await visitor.get("/").text.contains(">program</h1>"))
        visitor.headers[.authorization] = "Bearer wrong"
        #expect(try await visitor.get("/").text.contains(">nobody</h1>"))
    }
}
