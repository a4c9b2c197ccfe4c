import Foundation
import GatewayRecords
import LinkSharing
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import Uplink

@Suite struct LinkSharingServerTests {
    @Test func `a grant in the link gives the object with its type, and nothing beside it`() async throws {
        try await LinkBench.with { bench in
            try await bench.put("a/hello.txt", "hello")
            try await bench.put("b.txt", "other")
            let link = try bench.link(.raw, "a/hello.txt", shares: "a/")
            let answer = try await bench.get(link.path)
            #expect(answer.status == 200)
            #expect(answer.text == "hello")
            #expect(answer.header("content-type") == "text/plain; charset=utf-8")
            #expect(answer.header("content-length") == "5")
            #expect(answer.header("referrer-policy") == "no-referrer")
            #expect(answer.header("x-content-type-options") == "nosniff")
            #expect(try await bench.get(link.with(key: "b.txt").path).status == 403)
            #expect(try await bench.get(link.with(key: "a/none").path).status == 404)
        }
    }

    @Test func `the uploader's headers come back, and a download is saved under its name`() async throws {
        try await LinkBench.with { bench in
            try await bench.put(
                "data", "{}", metadata: ["content-type": "application/json", "cache-control": "max-age=9", "s3:etag": "abc"])
            let link = try bench.link(.raw, "data")
            let answer = try await bench.get(link.path)
            #expect(answer.header("content-type") == "application/json")
            #expect(answer.header("cache-control") == "max-age=9")
            #expect(answer.header("etag") == "\"abc\"")
            let download = try await bench.get(link.path + "?download")
            #expect(download.header("content-disposition") == "attachment; filename*=UTF-8''data")
        }
    }

    @Test(arguments: [
        ("bytes=2-4", 206, "234", "bytes 2-4/10"), ("bytes=7-", 206, "789", "bytes 7-9/10"),
        ("bytes=-2", 206, "89", "bytes 8-9/10"), ("bytes=8-99", 206, "89", "bytes 8-9/10"),
        ("bytes=4-2", 200, "0123456789", nil), ("rows=1-2", 200, "0123456789", nil),
    ])
    func `a range is answered with exactly its bytes`(
        range: String, status: Int, text: String, contentRange: String?
    ) async throws {
        try await LinkBench.with { bench in
            try await bench.put("digits", "0123456789")
            let answer = try await bench.get(try bench.link(.raw, "digits").path, headers: [("Range", range)])
            #expect(answer.status == status)
            #expect(answer.text == text)
            #expect(answer.header("content-range") == contentRange)
        }
    }

    @Test func `a range behind the end, a tag that is known and a head have no content`() async throws {
        try await LinkBench.with { bench in
            try await bench.put("digits", "0123456789")
            let path = try bench.link(.raw, "digits").path
            #expect(try await bench.get(path, headers: [("Range", "bytes=10-")]).status == 416)
            let tag = try #require(try await bench.get(path).header("etag"))
            #expect(try await bench.get(path, headers: [("If-None-Match", tag)]).status == 304)
            #expect(try await bench.get(path, headers: [("If-Match", "\"other\"")]).status == 412)
            let head = try await bench.get(path, method: "HEAD")
            #expect(head.status == 200)
            #expect(head.header("content-length") == "10")
            #expect(head.text.isEmpty)
        }
    }

    @Test func `a browser gets a page about the object, and a program the object`() async throws {
        try await LinkBench.with { bench in
            try await bench.put("<b>.png", "image")
            let link = try bench.link(.page, "<b>.png")
            let page = try await bench.get(link.path, asBrowser: true)
            #expect(page.header("content-type") == "text/html; charset=utf-8")
            #expect(page.text.contains("&lt;b&gt;.png"))
            #expect(!page.text.contains("<b>.png"))
            #expect(page.text.contains("?map"))
            #expect(try await bench.get(link.path).text == "image")
        }
    }

    @Test func `a prefix is listed, in pages, without what lies outside`() async throws {
        var settings = LinkSharingSettings()
        settings.listingPageSize = 2
        try await LinkBench.with(settings) { bench in
            for name in ["p/1", "p/2", "p/3", "p/sub/4", "q/5"] { try await bench.put(name, "x") }
            let link = try bench.link(.page, "p/")
            var seen = Set<String>()
            var path = link.path
            for _ in 0..<3 {
                let page = try await bench.get(path, asBrowser: true)
                #expect(page.status == 200)
                #expect(!page.text.contains("href=\"\(link.with(key: "").path)\""))
                for name in ["p/1", "p/2", "p/3", "p/sub/", "q/5"]
                where page.text.contains("href=\"\(link.with(key: name).path)\"") {
                    #expect(seen.insert(name).inserted)
                }
                guard let more = page.text.firstMatch(of: #/href="([^"]*\?list&amp;after=[^"]*|[^"]*\?list&after=[^"]*)"/#)
                else { break }
                path = String(more.output.1).replacing("&amp;", with: "&")
            }
            #expect(seen == ["p/1", "p/2", "p/3", "p/sub/"])
            #expect(try await bench.get(link.with(key: "q/").path, asBrowser: true).status == 403)
        }
    }

    @Test func `an owner's index page takes the place of the listing`() async throws {
        try await LinkBench.with { bench in
            try await bench.put("site/index.html", "<h1>mine</h1>")
            try await bench.put("site/style.css", "h1{}")
            let link = try bench.link(.page, "site/")
            let redirect = try await bench.get(link.path, asBrowser: true)
            #expect(redirect.status == 303)
            let raw = try #require(redirect.header("location"))
            #expect(raw == link.with(.raw, key: "site/").path)
            let page = try await bench.get(raw, asBrowser: true)
            #expect(page.text == "<h1>mine</h1>")
            #expect(page.header("content-type") == "text/html; charset=utf-8")
            #expect(page.header("content-security-policy")?.hasPrefix("sandbox") == true)
            #expect(try await bench.get(link.path + "?list", asBrowser: true).text.contains("style.css"))
            let whole = try bench.link(.page, "site", shares: "")
            let leading = try await bench.get(whole.path, asBrowser: true)
            #expect(leading.status == 307)
            #expect(leading.header("location") == whole.with(key: "site/").path)
        }
    }

    @Test func `the picture of the pieces is drawn`() async throws {
        try await LinkBench.with { bench in
            try await bench.put("small", "inline")
            let answer = try await bench.get(try bench.link(.page, "small").path + "?map")
            // The test's satellite keeps the content itself and may not tell of pieces at all.
            #expect([200, 501].contains(answer.status))
            if answer.status == 200 {
                #expect(answer.header("content-type") == "image/svg+xml")
                #expect(answer.text.contains("no pieces"))
            }
        }
    }

    @Test func `the access key id of a public credential is a link, and of a secret one is none`() async throws {
        try await LinkBench.with { bench in
            try await bench.put("hello.txt", "hello")
            let now = bench.satellite.clock.wallClock.now()
            let grant = try bench.access.shared(.readOnly, prefixes: [SharePrefix(bucket: "bucket")]).text
            let open = try await bench.records.credentials.register(
                CredentialRegistration(grant: grant, accountID: "aa", isPublic: true), at: now, random: .system)
            let secret = try await bench.records.credentials.register(
                CredentialRegistration(grant: grant, accountID: "aa"), at: now, random: .system)
            let link = SharedLink(.raw, access: open.accessKeyID, bucket: "bucket", key: "hello.txt")
            #expect(try await bench.get(link.path).text == "hello")
            var other = link
            other.access = secret.accessKeyID
            #expect(try await bench.get(other.path).status == 404)
            try await bench.records.credentials.revoke(open.id, reason: "", at: now)
            #expect(try await bench.get(link.path).status == 404)
        }
    }

    @Test(arguments: [
        ("/", 200), ("/robots.txt", 200), ("/health", 200), ("/nonsense", 400), ("/s/not-a-grant/bucket/key", 400),
        ("/s/nobody-ever-registered-this/bucket/key", 404), ("/raw/%zz/bucket/key", 400),
    ])
    func `what is no link is answered, and never with an error of ours`(path: String, status: Int) async throws {
        try await LinkBench.with { bench in
            let answers = [try await bench.get(path), try await bench.get(path, asBrowser: true)]
            #expect(answers.map(\.status) == [status, status])
        }
    }

    @Test func `a link that is too long, a method that writes and a foreign satellite are refused`() async throws {
        var settings = LinkSharingSettings()
        settings.satellites = ["somebody else"]
        try await LinkBench.with(settings) { bench in
            let long = "/s/grant/bucket/" + String(repeating: "x", count: 30 << 10)
            #expect(try await bench.get(long).status == 414)
            let path = try bench.link(.raw, "key").path
            #expect(try await bench.get(path, method: "PUT").status == 405)
            #expect(try await bench.get(path).status == 403)
        }
    }

    @Test func `above the limit of requests the next is told to come again`() async throws {
        var settings = LinkSharingSettings()
        settings.maximumRequests = 0
        try await LinkBench.with(settings) { bench in
            let answer = try await bench.get("/")
            #expect(answer.status == 503)
            #expect(answer.header("retry-after") == "5")
        }
    }
}
