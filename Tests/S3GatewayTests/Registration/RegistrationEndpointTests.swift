import AccessGrants
import Encryption
import Foundation
import Identity
import S3Gateway
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import Uplink

@Suite struct RegistrationEndpointTests {
    private static let console = "https://console.example"

    private struct Keys: Decodable {
        let access_key_id: String
        let secret_key: String
        let endpoint: String
    }

    private static var settings: GatewaySettings {
        var settings = GatewaySettings()
        settings.consoleOrigins = [console]
        return settings
    }

    private static func ask(
        _ bench: DoorBench, _ body: [UInt8], origin: String? = console, type: String = "application/json",
        method: String = "POST", announced: Int? = nil
    ) async throws -> DoorAnswer {
        var headers = [
            ("Host", bench.host), ("Content-Type", type), ("Content-Length", "\(announced ?? body.count)"),
        ]
        if let origin { headers.append(("Origin", origin)) }
        return try DoorAnswer(try await bench.exchange(bench.head(method, "/v1/access", headers) + body))
    }

    private static func question(_ grant: String, isPublic: Bool = false) -> [UInt8] {
        Array(#"{"access_grant":"\#(grant)","public":\#(isPublic)}"#.utf8)
    }

    private static func grant(_ bench: DoorBench, endsAt end: Timestamp? = nil) throws -> String {
        let key = try #require(EncryptionKey([UInt8](repeating: 1, count: 32)))
        let whole = try AccessGrant(
            satelliteAddress: "\(bench.satellite.identity.id)@127.0.0.1:7777", apiKey: bench.satellite.key, rootKey: key)
        guard let end else { return whole.text }
        return try whole.shared(
            SharePermission(download: true, list: true, notAfter: end), random: bench.satellite.random
        ).text
    }

    @Test func `a grant made in a browser becomes a key and a secret with which S3 works`() async throws {
        try await DoorBench.with(Self.settings) { bench in
            let answer = try await Self.ask(bench, Self.question(try Self.grant(bench)))
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.headers["access-control-allow-origin"] == Self.console)
            #expect(answer.headers["cache-control"] == "no-store")
            let keys = try JSONDecoder().decode(Keys.self, from: Data(answer.body))
            #expect(keys.endpoint == "http://\(bench.host)")
            var signed = bench
            signed.signer = RequestSigner(
                accessKeyID: keys.access_key_id, secret: keys.secret_key, date: bench.signer.date)
            #expect(try await signed.send("PUT", "/bucket/key", body: [1, 2, 3]).status == 200)
            #expect(try await bench.send("GET", "/bucket/key").body == [1, 2, 3])
        }
    }

    @Test func `a credential ends with the grant it was made for`() async throws {
        try await DoorBench.with(Self.settings) { bench in
            let now = bench.satellite.clock.now
            let grant = try Self.grant(bench, endsAt: now.advanced(by: .seconds(60)))
            let keys = try JSONDecoder().decode(
                Keys.self, from: Data(try await Self.ask(bench, Self.question(grant)).body))
            var signed = bench
            signed.signer = RequestSigner(
                accessKeyID: keys.access_key_id, secret: keys.secret_key, date: bench.signer.date)
            #expect(try await signed.send("GET", "/bucket").status == 200)
            bench.satellite.clock.advance(by: .seconds(120))
            #expect(try await signed.send("GET", "/bucket").code == "InvalidAccessKeyId")
        }
    }

    @Test func `pages of other origins, other methods and other types are refused, and a browser learns nothing`() async throws {
        try await DoorBench.with(Self.settings) { bench in
            let question = Self.question(try Self.grant(bench))
            let stranger = try await Self.ask(bench, question, origin: "https://evil.example")
            #expect(stranger.status == 403)
            #expect(stranger.headers["access-control-allow-origin"] == nil)
            #expect(try await Self.ask(bench, question, origin: "null").status == 403)
            #expect(try await Self.ask(bench, question, type: "text/plain").status == 415)
            #expect(try await Self.ask(bench, question, method: "PUT").status == 405)
            #expect(try await Self.ask(bench, question, origin: nil).status == 200)
        }
    }

    @Test(arguments: ["", "{}", "[", #"{"access_grant":7}"#, #"{"access_grant":""}"#, #"{"access_grant":"notagrant"}"#])
    func `what is no grant is refused in words`(body: String) async throws {
        try await DoorBench.with(Self.settings) { bench in
            let answer = try await Self.ask(bench, Array(body.utf8))
            #expect(answer.status == 400)
            #expect(answer.text.hasPrefix(#"{"error":"#))
        }
    }

    @Test func `a body longer than any grant is refused before it was sent`() async throws {
        try await DoorBench.with(Self.settings) { bench in
            let answer = try await Self.ask(bench, [], announced: 1 << 30)
            #expect(answer.status == 413)
        }
    }

    @Test func `a grant of a satellite that the gateway does not serve is refused`() async throws {
        var settings = Self.settings
        settings.registrationSatellites = ["12EayRS2V1kEsWESU9QMRseFhdxYxKicsiFmxrsLZHeLUtdps3S"]
        try await DoorBench.with(settings) { bench in
            let answer = try await Self.ask(bench, Self.question(try Self.grant(bench)))
            #expect((answer.status, answer.text) == (403, #"{"error":"This gateway does not serve that satellite."}"#))
        }
    }

    @Test func `who registers without end is told to wait, and may go on later`() async throws {
        try await DoorBench.with(Self.settings) { bench in
            for _ in 0..<20 { #expect(try await Self.ask(bench, []).status == 400) }
            let refused = try await Self.ask(bench, [])
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] == "60")
            bench.satellite.clock.advance(by: .seconds(60))
            #expect(try await Self.ask(bench, []).status == 400)
        }
    }

    @Test func `without consoles there is no such endpoint`() async throws {
        try await DoorBench.with { bench in
            let answer = try await Self.ask(bench, Self.question(try Self.grant(bench)), origin: nil)
            #expect(answer.status >= 400)
            #expect(!answer.text.contains("access_key_id"))
        }
    }

    @Test func `a console's page may speak S3 with any bucket, and no other page may`() async throws {
        try await DoorBench.with(Self.settings) { bench in
            let asks = [("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "authorization,x-amz-date")]
            for (origin, status) in [(Self.console, 200), ("https://evil.example", 403)] {
                let head = bench.head("OPTIONS", "/bucket/key", [("Host", bench.host), ("Origin", origin)] + asks)
                let answer = try DoorAnswer(try await bench.exchange(head))
                #expect(answer.status == status)
                #expect(answer.headers["access-control-allow-origin"] == (status == 200 ? origin : nil))
                if status == 200 {
                    #expect(answer.headers["access-control-allow-headers"] == "authorization,x-amz-date")
                    #expect(answer.headers["access-control-allow-methods"]?.contains("DELETE") == true)
                }
                let refused = try await bench.send("GET", "/nobucket/key", [("Origin", origin)])
                #expect(refused.headers["access-control-allow-origin"] == (status == 200 ? origin : nil))
            }
        }
    }
}
