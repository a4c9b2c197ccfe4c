import ClientCommands
import Foundation
import TestSupport
import Testing
import Uplink

@Suite struct ShareLinkTests {
    private func share(_ arguments: String...) async throws -> CommandResult {
        try await withTemporaryFolder { folder in
            var storj = CommandRunner(folder: folder)
            storj.environment.variables["STORJ_ACCESS"] = try GoldenGrants.root()
            return try await storj.run(list: ["share"] + arguments)
        }
    }

    @Test func `a link carries the restricted grant and leads to the place`() async throws {
        let result = try await share("--url", "sj://bucket/a b/c.txt", "--base-url", "https://links.example.com/")
        #expect(result.status == .success)
        let link = try #require(result.output.split(separator: "\n").last.map(String.init))
        #expect(link.hasPrefix("https://links.example.com/s/"))
        #expect(link.hasSuffix("/bucket/a%20b/c.txt"))
        let access = try Access(String(link.split(separator: "/")[3]))
        #expect(!access.inspection.permission.allowsUpload)
        #expect(access.inspection.prefixes.map(\.prefix) == ["a b/c.txt"])
    }

    @Test func `a raw link gives the content itself`() async throws {
        let result = try await share("--url", "--raw", "sj://bucket/site/")
        #expect(result.output.contains("http://127.0.0.1:7780/raw/"))
    }

    @Test func `what cannot be a link is refused`() async throws {
        #expect(try await share("--url", "sj://a", "sj://b").status == .usage)
        #expect(try await share("--url", "--writeonly", "sj://a").status == .usage)
        #expect(try await share("--raw", "sj://a").status == .usage)
        #expect(try await share("--url", "sj://a", "--base-url", "links").status == .settings)
    }
}
