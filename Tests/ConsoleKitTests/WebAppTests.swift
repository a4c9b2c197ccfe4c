import ConsoleKit
import HTTPTypes
import Logging
import StorageModel
import Testing
import WebTesting

@Suite struct WebAppTests {
    @Test(arguments: [
        "<script>alert(1)</script>", "\" onmouseover=\"alert(1)", "\"\u{301} onmouseover=alert(1) x=\"", "<\u{338}b>", "'&<>\"",
        "{{csrf}}", "</title><img src=x>",
    ])
    func `script in a name is text wherever it appears`(name: String) async throws {
        let path = "/files/" + name.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let answer = try await SampleApp().visitor.get(path)
        #expect(answer.status == 200)
        #expect(!answer.text.contains("<script>alert"))
        #expect(!answer.text.contains("<img src=x"))
        #expect(answer.text.contains("<h1 title=\"\(HTML.escaped(name))\">\(HTML.escaped(name))</h1>"))
        // No attribute begins where the name ends one: every quotation mark of the name is escaped.
        let inside = answer.between("<h1 title=\"", "</h1>") ?? ""
        #expect(inside.utf8.filter { $0 == UInt8(ascii: "\"") }.count == 1)
    }

    @Test func `every answer has the headers that keep others out`() async throws {
        let visitor = try SampleApp { $0.connectSources = ["https://gateway.example"] }.visitor
        for path in ["/", "/none", "/broken", "/api/none"] {
            let headers = try await visitor.get(path).headers
            let policy = headers[HTTPField.Name("Content-Security-Policy")!] ?? ""
            #expect(policy.contains("default-src 'none'"))
            #expect(policy.contains("connect-src 'self' https://gateway.example;"))
            #expect(policy.contains("frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe"))
            #expect(headers[HTTPField.Name("X-Content-Type-Options")!] == "nosniff")
            #expect(headers[HTTPField.Name("Referrer-Policy")!] == "same-origin")
            #expect(headers[.cacheControl] == "private, no-store")
        }
    }

    @Test func `an error nobody foresaw is told without its inside, and logged with the request's number`() async throws {
        let sample = try SampleApp()
        let answer = try await sample.visitor.get("/broken")
        #expect(answer.status == 500)
        #expect(!answer.text.contains("Cocoa"))
        let number = try #require(answer.between("<span class=\"mono\">", "</span>"))
        #expect(sample.log.all.contains { $0.contains("a web request failed") && $0.contains(number) })
    }

    @Test func `a room's refusal is told in its own words`() async throws {
        let visitor = try SampleApp().visitor
        let answer = try await visitor.get("/wrong")
        #expect(answer.status == 409)
        #expect(answer.text.contains("That is taken."))
        visitor.headers[.accept] = "application/json"
        #expect(try await visitor.get("/wrong").text.contains("\"error\":\"That is taken.\""))
        #expect(try await visitor.get("/none").status == 404)
    }

    @Test func `a name that is not ours is not answered`() async throws {
        let visitor = try SampleApp {
            $0.publicURL = "https://console.example:8443/"
            $0.allowedHosts = ["Other.example"]
        }.visitor
        for host in ["localhost:9", "127.0.0.1", "[::1]:80", "192.168.1.4:8080", "console.example:8443", "OTHER.example"] {
            visitor.host = host
            #expect(try await visitor.get("/").status == 200, "\(host)")
        }
        for host in ["evil.example", "console.example.evil", "", "127.0.0.1.evil.example"] {
            visitor.host = host
            #expect(try await visitor.get("/").status == 421, "\(host)")
        }
    }

    @Test(arguments: ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\r\nSet-Cookie: x=1"])
    func `a redirect stays on this site`(target: String) async throws {
        let answer = try await SampleApp().visitor.submit("/away", page: "/", [("to", target)])
        #expect(answer.location == "/")
    }

    @Test func `a sentence after a form is shown once, as text`() async throws {
        let visitor = try SampleApp().visitor
        _ = try await visitor.submit("/sign-in", page: "/", [("name", "Ann")])
        #expect(try await visitor.get("/").text.contains("<p>Welcome &lt;b&gt;</p>"))
        #expect(try await !visitor.get("/").text.contains("Welcome"))
    }

    @Test func `an address that is too long is refused`() async throws {
        let visitor = try SampleApp().visitor
        #expect(try await visitor.get("/?x=" + String(repeating: "y", count: 20_000)).status == 414)
    }

    @Test func `assets have addresses of their content, are kept for ever and come compressed`() async throws {
        let visitor = try SampleApp().visitor
        let page = try await visitor.get("/")
        let address = try #require(page.between("<link rel=\"stylesheet\" href=\"", "\""))
        #expect(address.hasPrefix("/assets/kit."))
        let plain = try await visitor.get(address)
        #expect(plain.headers[.cacheControl] == "public, max-age=31536000, immutable")
        #expect(plain.headers[.contentType] == "text/css; charset=utf-8")
        visitor.headers[.acceptEncoding] = "gzip, br"
        let small = try await visitor.get(address)
        #expect(small.headers[.contentEncoding] == "gzip")
        #expect(small.text.utf8.count < plain.text.utf8.count / 2)
        #expect(try await visitor.get("/assets/kit.css").status == 404)
    }

    @Test func `where one is stands marked in the navigation`() async throws {
        let visitor = try SampleApp().visitor
        #expect(try await visitor.get("/files/a").text.contains("<a href=\"/files\" aria-current=\"page\">"))
        #expect(try await visitor.get("/").text.contains("<a href=\"/\" aria-current=\"page\">"))
    }

    @Test func `templates and assets that cannot be used stop the program`() throws {
        for text in ["{{#a}}", "{{> nowhere}}", "{{{name}}}", "{{& name}}", "{{#a}}{{/b}}"] {
            #expect(throws: WebResourceError.self, "\(text)") {
                try WebApp(
                    name: "x", settings: WebSettings(port: 0), resources: [WebResources(pages: ["p": Array(text.utf8)])],
                    sessions: NoSessions(), clock: WallClock { Timestamp(microseconds: 0) }, random: .system,
                    logger: .init(label: "x"), routes: { _ in })
            }
        }
    }
}
