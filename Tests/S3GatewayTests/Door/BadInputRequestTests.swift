import S3Gateway
import S3Protocol
import SatelliteTesting
import StorageModel
import TestSupport
import Testing

/// Bad requests over the real door: heads, names and documents.
@Suite struct BadInputRequestTests {
    // MARK: Heads

    @Test func `oversized headers are refused, all of them together and one alone`() async throws {
        try await DoorBench.with { bench in
            let one = [("x-amz-meta-a", String(repeating: "a", count: 40_000))]
            let many = (0..<1000).map { ("x-header-\($0)", String(repeating: "b", count: 40)) }
            for headers in [one, many] {
                let answer = try await bench.send("GET", "/bucket/key", headers)
                #expect(answer.status == 400)
                #expect(answer.code == "RequestHeaderSectionTooLarge")
            }
        }
    }

    @Test func `metadata beyond two kilobytes is refused, and leaves no object`() async throws {
        try await DoorBench.with { bench in
            let answer = try await bench.send(
                "PUT", "/bucket/new", [("x-amz-meta-a", String(repeating: "a", count: 2100))], body: [1])
            #expect(answer.code == "MetadataTooLarge")
            #expect(try await !bench.isThere("new"))
        }
    }

    @Test func `an oversized key is refused, the longest one is not`() async throws {
        try await DoorBench.with { bench in
            let longest = String(repeating: "k", count: 1024)
            #expect(try await bench.send("PUT", "/bucket/\(longest)", body: [1]).status == 200)
            for method in ["PUT", "GET", "DELETE"] {
                let answer = try await bench.send(method, "/bucket/\(longest)k")
                #expect(answer.code == "KeyTooLongError")
                #expect(answer.text.contains("<MaxSizeAllowed>1024</MaxSizeAllowed>"))
            }
        }
    }

    @Test(arguments: ["/bucket/%", "/bucket/%GG", "/bucket/%FF", "/bucket/a%00b", "//bucket"])
    func `a path that is none is refused`(path: String) async throws {
        try await DoorBench.with { bench in
            let answer = try await bench.send("GET", path)
            #expect(answer.status == 400)
            #expect(answer.code == "InvalidURI")
        }
    }

    @Test(arguments: ["garbage\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{1}\u{2}\u{3}\r\n\r\n"])
    func `what is no HTTP ends its connection and nothing else`(text: String) async throws {
        try await DoorBench.with { bench in
            let answer = try await bench.exchange(Array(text.utf8))
            #expect(!String(decoding: answer, as: UTF8.self).contains(" 200 "))
            #expect(try await bench.send("PUT", "/bucket/key", body: [1]).status == 200)
        }
    }

    @Test func `a bad signature, an unknown key and a wrong clock are told apart`() async throws {
        try await DoorBench.with { bench in
            #expect(try await bench.send("PUT", "/bucket").status == 200)
            var other = bench
            other.signer = RequestSigner(accessKeyID: bench.signer.accessKeyID, secret: "wrong", date: bench.signer.date)
            let forged = try await other.send("GET", "/bucket/key")
            #expect((forged.status, forged.code) == (403, "SignatureDoesNotMatch"))
            other.signer = RequestSigner(accessKeyID: "unknown", secret: "wrong", date: bench.signer.date)
            let unknown = try await other.send("GET", "/bucket/key")
            #expect((unknown.status, unknown.code) == (403, "InvalidAccessKeyId"))
            for seconds in [-901, 901] {
                other.signer = bench.signer
                other.signer.date = S3Date.compact(bench.satellite.clock.now.advanced(by: .seconds(seconds)))
                let skewed = try await other.send("GET", "/bucket/key")
                #expect((skewed.status, skewed.code) == (403, "RequestTimeTooSkewed"))
            }
            let anonymous = try DoorAnswer(
                try await bench.exchange(bench.head("GET", "/bucket/key", [("Host", bench.host)])))
            #expect((anonymous.status, anonymous.code) == (403, "AccessDenied"))
        }
    }

    @Test func `an operation that is not supported is refused by name, never silently done`() async throws {
        try await DoorBench.with { bench in
            for (method, target) in [("GET", "/bucket?logging"), ("PUT", "/bucket?replication"), ("POST", "/bucket/key?restore")] {
                let answer = try await bench.send(method, target, body: method == "GET" ? [] : Array("<X/>".utf8))
                #expect((answer.status, answer.code) == (501, "NotImplemented"))
            }
        }
    }

    // MARK: Documents

    private static let bomb = """
        <!DOCTYPE a [<!ENTITY b "\(String(repeating: "x", count: 1000))"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>
        """
    private static let deep =
        String(repeating: "<Tagging>", count: 50_000) + String(repeating: "</Tagging>", count: 50_000)

    @Test(arguments: [
        "/bucket?tagging", "/bucket?cors", "/bucket?lifecycle", "/bucket?versioning", "/bucket?website", "/bucket?notification",
        "/bucket?publicAccessBlock", "/bucket?ownershipControls", "/bucket?encryption", "/bucket?acl", "/bucket?requestPayment",
        "/bucket/key?tagging", "/bucket/key?acl",
    ])
    func `an XML bomb in a document is refused, and changes nothing`(target: String) async throws {
        try await DoorBench.with { bench in
            #expect(try await bench.send("PUT", "/bucket/key", body: [1]).status == 200)
            let before = try await bench.send("GET", target)
            for document in [Self.bomb, Self.deep, "", "<", "<Other/>"] {
                let answer = try await bench.send("PUT", target, body: Array(document.utf8))
                #expect(answer.status == 400, "\(document.prefix(20)): \(answer.text)")
                #expect(["MalformedXML", "MissingRequestBodyError", "MissingSecurityHeader"].contains(answer.code))
            }
            let after = try await bench.send("GET", target)
            #expect(after.status == before.status)
            #expect(after.code == before.code)
        }
    }

    @Test func `an XML bomb among keys to delete deletes nothing`() async throws {
        try await DoorBench.with { bench in
            #expect(try await bench.send("PUT", "/bucket/key", body: [1]).status == 200)
            let key = "<Object><Key>key</Key></Object>"
            for document in [Self.bomb, Self.deep, "<Delete>\(key)", "<Delete>\(String(repeating: key, count: 1001))</Delete>"] {
                let answer = try await bench.send("POST", "/bucket?delete", body: Array(document.utf8))
                #expect((answer.status, answer.code) == (400, "MalformedXML"))
            }
            #expect(try await bench.isThere("key"))
        }
    }

    @Test func `a document beyond the limit is refused before all of it was sent`() async throws {
        var settings = GatewaySettings()
        settings.longestDocument = 1 << 16
        try await DoorBench.with(settings) { bench in
            // The rest of the announced gibibyte never comes: a gateway that collected it would wait.
            let sent = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 17)
            for target in ["/bucket?tagging", "/bucket?policy"] {
                let answer = try await bench.send("PUT", target, body: sent, payload: "UNSIGNED-PAYLOAD", announced: 1 << 30)
                #expect((answer.status, answer.code) == (400, "MaxMessageLengthExceeded"))
                #expect(answer.headers["connection"] == "close")
            }
        }
    }

    @Test(arguments: ["", "{}", "{", "[[[[[[", #"{"Statement":[]}"#])
    func `a policy that is none is refused, and none is there`(text: String) async throws {
        try await DoorBench.with { bench in
            let answer = try await bench.send("PUT", "/bucket?policy", body: Array(text.utf8))
            #expect(answer.status == 400)
            #expect(["MalformedPolicy", "MissingRequestBodyError"].contains(answer.code))
            #expect(try await bench.send("GET", "/bucket?policy").code == "NoSuchBucketPolicy")
        }
    }

    @Test func `a refusal of a question without a body has none, and one of a missing bucket names it`() async throws {
        try await DoorBench.with { bench in
            let head = try await bench.send("HEAD", "/bucket/none")
            #expect(head.status == 404)
            #expect(head.body.isEmpty)
            let missing = try await bench.send("GET", "/nobucket/key")
            #expect((missing.status, missing.code) == (404, "NoSuchBucket"))
            #expect(missing.text.contains("<Resource>/nobucket/key</Resource>"))
        }
    }
}
