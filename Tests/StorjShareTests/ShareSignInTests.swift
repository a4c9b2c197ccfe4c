import ConsoleKit
import HTTPTypes
import StorageModel
import StorageNode
import StorjShare
import TestSupport
import Testing
import WebTesting

@Suite struct ShareSignInTests {
    private func withToken(_ body: (ShareFixture) async throws -> Void) async throws {
        try await ShareFixture.run({ $0.token = ShareFixture.token }, body)
    }

    @Test func `an address that others reach needs a token that cannot be guessed`() {
        var settings = StorjShareSettings()
        #expect(settings.problem == nil)
        settings.host = "0.0.0.0"
        #expect(settings.problem != nil)
        settings.token = "short"
        #expect(settings.problem != nil)
        settings.token = ShareFixture.token
        #expect(settings.problem == nil)
    }

    @Test func `whoever is not signed in sees nothing`() async throws {
        try await withToken { share in
            for path in ["/", "/space", "/satellites", "/upkeep"] {
                let answer = try await share.visitor.get(path)
                #expect(answer.status == 303 && answer.location == "/sign-in", "\(path)")
            }
            for path in ["/api/status", "/api/sno", "/api/sno/satellites", "/api/farm"] {
                let answer112 = try await share.visitor.get(path)
                #expect(answer112.status == 401, "\(path)")
            }
            let answer7 = try await share.visitor.submit("/upkeep/drain", page: "/sign-in", [])
            #expect(answer7.status == 401)
            let status113 = await share.node.status()
            #expect(status113.drainedSince == nil)
        }
    }

    @Test func `the token signs in, and signing out ends all sessions`() async throws {
        try await withToken { share in
            let (visitor, other) = (share.visitor, share.visitor)
            let answer8 = try await visitor.submit("/sign-in", [("token", "another token of some length")])
            #expect(answer8.status == 401)
            let answer114 = try await visitor.get("/")
            #expect(answer114.status == 303)
            let answer9 = try await visitor.submit("/sign-in", [("token", ShareFixture.token)])
            #expect(answer9.location == "/")
            let answer115 = try await visitor.get("/")
            #expect(answer115.status == 200)
            _ = try await other.submit("/sign-in", [("token", ShareFixture.token)])
            _ = try await other.submit("/sign-out", page: "/", [])
            let answer116 = try await visitor.get("/")
            #expect(answer116.status == 303)
        }
    }

    @Test func `a session ends with its time, and a made-up one is none`() async throws {
        try await withToken { share in
            let visitor = share.visitor
            _ = try await visitor.submit("/sign-in", [("token", ShareFixture.token)])
            let answer117 = try await visitor.get("/")
            #expect(answer117.status == 200)
            share.clock.advance(by: .seconds(15 * 86400))
            let answer118 = try await visitor.get("/")
            #expect(answer118.status == 303)
            let thief = share.visitor
            for name in visitor.cookies.keys { thief.setCookie(name, String(repeating: "ab", count: 32)) }
            let answer119 = try await thief.get("/")
            #expect(answer119.status == 303)
        }
    }

    @Test func `guessing is slowed down`() async throws {
        try await withToken { share in
            let visitor = share.visitor
            var statuses: [Int] = []
            for guess in 0..<8 { statuses.append(try await visitor.submit("/sign-in", [("token", "guess \(guess)")]).status) }
            #expect(statuses.prefix(5).allSatisfy { $0 == 401 })
            #expect(statuses.suffix(3).allSatisfy { $0 == 429 })
            // Also the right token waits then.
            let answer10 = try await visitor.submit("/sign-in", [("token", ShareFixture.token)])
            #expect(answer10.status == 429)
        }
    }

    @Test func `programs send the token with each request`() async throws {
        try await withToken { share in
            let program = share.visitor
            program.headers[.authorization] = "Bearer \(ShareFixture.token)"
            let answer120 = try await program.get("/api/status")
            #expect(answer120.status == 200)
            program.headers[.authorization] = "Bearer something else"
            let answer121 = try await program.get("/api/status")
            #expect(answer121.status == 401)
        }
    }
}
