import Testing
import WebTesting

@Suite struct AccountPageTests {
    @Test(arguments: [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/604.1", "Safari on iPhone"),
        ("curl/8.9", "curl"), ("", "Unnamed program"), ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ])
    func `browsers that are signed in are called what people call them`(agent: String, name: String) async throws {
        try await ConsolePlace.run { place in
            let page = try await place.ada(agent: agent).get("/account").text
            #expect(page.contains(">\(name)<"))
            #expect(!page.contains("<script>alert"))
        }
    }
}
