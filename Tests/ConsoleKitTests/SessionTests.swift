import ConsoleKit
import HTTPTypes
import StorageModel
import TestSupport
import Testing
import WebTesting

@Suite struct SessionTests {
    @Test func `a session that was revoked is nobody's, and its cookie is taken away`() async throws {
        let sample = try SampleApp()
        let visitor = sample.visitor
        _ = try await visitor.submit("/sign-in", page: "/", [("name", "Ann")])
        let name = try #require(visitor.cookies.keys.first { $0.hasSuffix("-session") })
        sample.store.revokeAll()
        #expect(try await visitor.get("/").text.contains(">nobody</h1>"))
        #expect(visitor.cookies[name] == nil)
    }

    @Test(arguments: ["", "0", String(repeating: "0", count: 64), String(repeating: "z", count: 64), "<script>"])
    func `a made-up cookie opens nothing`(value: String) async throws {
        let visitor = try SampleApp().visitor
        visitor.setCookie("sample-0-session", value)
        #expect(try await visitor.get("/").text.contains(">nobody</h1>"))
    }

    @Test func `cookies are out of scripts' reach, and over TLS tied to the host`() async throws {
        let plain = try SampleApp().visitor
        let line = try await plain.get("/").headers[values: .setCookie].joined()
        #expect(line.contains("HttpOnly; SameSite=Lax"))
        #expect(!line.contains("Secure"))
        let secure = try SampleApp { $0.publicURL = "https://localhost" }.visitor
        let answer = try await secure.get("/")
        let secureLine = answer.headers[values: .setCookie].joined()
        #expect(secureLine.hasPrefix("__Host-sample-visitor="))
        #expect(secureLine.contains("; Secure"))
        #expect(answer.headers[.strictTransportSecurity] != nil)
    }

    @Test func `a token's hash is kept, not the token`() throws {
        let token = SessionToken(random: .seeded(1))
        #expect(token.digest != token.bytes)
        #expect(SessionToken(text: token.text) == token)
        #expect(SessionToken(text: String(token.text.dropLast())) == nil)
    }

    @Test func `a key may do so much at once, and more after a while`() {
        let limiter = RateLimiter(capacity: 3, refill: .seconds(60), maximumKeys: 10)
        let start = Timestamp(microseconds: 0)
        #expect((0..<5).map { _ in limiter.take("a", at: start) } == [true, true, true, false, false])
        #expect(limiter.take("b", at: start))
        #expect(!limiter.take("a", at: start.advanced(by: .seconds(59))))
        #expect(limiter.take("a", at: start.advanced(by: .seconds(61))))
        #expect(!limiter.take("a", at: start.advanced(by: .seconds(62))))
        // A clock that goes back gives nothing away.
        #expect(!limiter.take("a", at: start))
    }

    @Test func `many keys do not push out the one that is blocked`() {
        let limiter = RateLimiter(capacity: 2, refill: .seconds(60), maximumKeys: 100)
        let start = Timestamp(microseconds: 0)
        for _ in 0..<3 { _ = limiter.take("guesser", at: start) }
        for key in 0..<1000 { _ = limiter.take("\(key)", at: start) }
        #expect(!limiter.take("guesser", at: start))
    }
}
