import Foundation
import HTTPTypes
import S3Gateway
import S3Protocol
import SatelliteTesting
import TestSupport
import Testing
import Uplink

@Suite struct ListingOperationTests {
    private func bench(_ keys: [String]) async throws -> GatewayBench {
        let bench = try await GatewayBench()
        #expect(try await bench.call(.put, "/bucket").status == 200)
        for key in keys {
            #expect(try await bench.call(.put, "/bucket/\(key)", body: "x").status == 200)
            // The satellite takes a hundred a second.
            bench.satellite.clock.advance(by: .milliseconds(10))
        }
        return bench
    }

    /// The texts of an element, in order.
    private func texts(_ name: String, _ answer: GatewayBench.Answer) -> [String] {
        answer.text.components(separatedBy: "<\(name)>").dropFirst().map {
            String($0.prefix { $0 != "<" })
        }
    }

    @Test func `keys come in order with their prefixes, page after page`() async throws {
        let bench = try await bench(["b/2", "a", "c", "b/1", "%C3%A9"])
        let first = try await bench.call(.get, "/bucket?list-type=2&delimiter=/&max-keys=2")
        #expect(texts("Key", first) == ["a"] && texts("Prefix", first) == ["", "b/"])
        #expect(texts("IsTruncated", first) == ["true"] && texts("KeyCount", first) == ["2"])
        let token = try #require(texts("NextContinuationToken", first).first)
        let second = try await bench.call(.get, "/bucket?list-type=2&delimiter=/&continuation-token=\(token)")
        #expect(texts("Key", second) == ["c", "é"] && texts("IsTruncated", second) == ["false"])
        let old = try await bench.call(.get, "/bucket?marker=b/1&max-keys=1")
        #expect(texts("Key", old) == ["b/2"] && texts("DisplayName", old) == ["main"])
    }

    @Test func `names are percent-encoded for whoever asks for it`() async throws {
        let bench = try await bench(["a%20b/c%2Bd"])
        let answer = try await bench.call(.get, "/bucket?list-type=2&encoding-type=url&prefix=a%20b/")
        #expect(texts("Key", answer) == ["a%20b/c%2Bd"] && texts("Prefix", answer) == ["a%20b/"])
    }

    @Test(
        arguments: [
            "max-keys=some", "max-keys=-1", "max-keys=99999999999", "encoding-type=base64",
            "list-type=2&continuation-token=%25", "list-type=2&continuation-token=/w==", "versions&version-id-marker=1",
            "allow-unordered=true&delimiter=/",
        ])
    func `a listing with a wrong parameter is refused`(_ query: String) async throws {
        let answer = try await bench([]).call(.get, "/bucket?\(query)")
        #expect(answer.status == 400 && answer.code == .invalidArgument)
    }

    @Test func `a bucket that is not there is not listed`() async throws {
        #expect(try await bench([]).call(.get, "/another-bucket").code == .noSuchBucket)
    }

    @Test func `a large bucket shows at once what came through this gateway, and what others stored after a while`() async throws {
        let bench = try await bench((1...1001).map { "key\(10_000 + $0)" })
        func count() async throws -> Int {
            let first = try await bench.call(.get, "/bucket?list-type=2&start-after=key10990")
            return texts("Key", first).count
        }
        #expect(try await count() == 11)
        #expect(try await bench.call(.put, "/bucket/key2", body: "x").status == 200)
        #expect(try await bench.call(.delete, "/bucket/key11000").status == 204)
        #expect(try await count() == 11)
        let all = try await bench.call(.get, "/bucket?list-type=2&start-after=key10999&max-keys=1000")
        #expect(texts("Key", all) == ["key11001", "key2"])
        let grant = try #require(bench.main.grant)
        let project = try await bench.gateway.context.projects.project(for: grant)
        let upload = try await project.upload(bucket: "bucket", key: "key3")
        try await upload.commit()
        #expect(try await count() == 11)
        bench.satellite.clock.advance(by: .seconds(16))
        #expect(try await count() == 12)
    }

    @Test func `buckets come page by page`() async throws {
        let bench = try await bench([])
        #expect(try await bench.call(.put, "/another").status == 200)
        let first = try await bench.call(.get, "/?max-buckets=1")
        #expect(texts("Name", first) == ["another"])
        let token = try #require(texts("ContinuationToken", first).first)
        let second = try await bench.call(.get, "/?max-buckets=1&continuation-token=\(token)")
        #expect(texts("Name", second) == ["bucket"] && texts("ContinuationToken", second).isEmpty)
        #expect(try await bench.call(.get, "/?max-buckets=0").code == .invalidArgument)
    }
}
