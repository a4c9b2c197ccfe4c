import NIOCore
import S3Gateway
import S3Protocol
import Testing
import Uplink

/// Bad bodies over the real door: S3's refusal, and no object, not even a part of one.
@Suite struct BadInputBodyTests {
    private let content = Array("hello, world".utf8)

    /// A wrong body is refused, leaves nothing where nothing was, and the old object where one was.
    private func expectRefusal(
        _ code: String, _ bench: DoorBench, _ send: (_ key: String) async throws -> DoorAnswer
    ) async throws {
        let old = try await bench.send("PUT", "/bucket/old", body: Array("old".utf8))
        #expect(old.status == 200)
        for key in ["new", "old"] {
            let answer = try await send(key)
            #expect(answer.code == code, "\(answer.status) \(answer.text)")
            #expect(answer.headers["content-type"] == "application/xml")
            #expect(answer.headers["x-amz-request-id"]?.isEmpty == false)
        }
        #expect(try await !bench.isThere("new"))
        #expect(try await bench.send("GET", "/bucket/old").text == "old")
    }

    @Test(arguments: [
        ("Content-MD5", "XrY7u+Ae7tCTyyK7j1rNww==", "BadDigest"), ("Content-MD5", "nonsense", "InvalidDigest"),
        ("x-amz-checksum-crc32", "AAAAAA==", "BadDigest"), ("x-amz-checksum-crc32c", "AAAAAA==", "BadDigest"),
        ("x-amz-checksum-crc64nvme", "AAAAAAAAAAA=", "BadDigest"),
        ("x-amz-checksum-sha1", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "BadDigest"),
        ("x-amz-checksum-sha256", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "BadDigest"),
        ("x-amz-checksum-crc32", "AAAA", "BadDigest"),
    ])
    func `a wrong Content-MD5 or checksum leaves no object`(header: String, value: String, code: String) async throws {
        try await DoorBench.with { bench in
            try await expectRefusal(code, bench) { key in
                try await bench.send("PUT", "/bucket/\(key)", [(header, value)], body: content)
            }
        }
    }

    @Test func `a body that is not the one that was signed leaves no object`() async throws {
        try await DoorBench.with { bench in
            try await expectRefusal("XAmzContentSHA256Mismatch", bench) { key in
                try await bench.send("PUT", "/bucket/\(key)", body: content, payload: RequestSigner.emptyHash)
            }
        }
    }

    // MARK: Chunks

    private let streaming = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"

    /// Sends signed chunks, after `spoil` has been at them.
    private func putChunks(
        _ bench: DoorBench, _ key: String, announced: Int? = nil, isCutOff: Bool = false,
        spoil: (inout [UInt8]) -> Void = { _ in }
    ) async throws -> DoorAnswer {
        let target = "/bucket/\(key)"
        let headers = [
            ("Host", bench.host), ("Content-Encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", "\(announced ?? content.count)"),
        ]
        let signed = bench.signer.signed("PUT", target, headers, payload: streaming)
        var body = bench.signer.chunked([Array(content[..<5]), Array(content[5...])], seed: signed.signature)
        let length = body.count
        spoil(&body)
        let head = bench.head("PUT", target, signed.headers + [("Content-Length", "\(isCutOff ? length : body.count)")])
        return try DoorAnswer(try await bench.exchange(head + body, isCutOff: isCutOff))
    }

    @Test func `chunks with the right signatures make an object`() async throws {
        try await DoorBench.with { bench in
            #expect(try await putChunks(bench, "key").status == 200)
            let answer = try await bench.send("GET", "/bucket/key")
            #expect(answer.body == content)
            #expect(answer.headers["content-encoding"] == nil)
        }
    }

    private enum SpoiledPlace: CaseIterable {
        case firstSignature, lastSignature, content

        func spoil(_ body: inout [UInt8]) {
            let index =
                switch self {
                case .firstSignature: 40
                case .lastSignature: body.count - 10
                case .content: body.firstRange(of: Array("hello".utf8))?.lowerBound ?? 0
                }
            body[index] = body[index] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
        }
    }

    @Test func `a bad chunk signature leaves no object, in whichever chunk it is`() async throws {
        try await DoorBench.with { bench in
            for place in SpoiledPlace.allCases {
                try await expectRefusal("SignatureDoesNotMatch", bench) { key in
                    try await putChunks(bench, key, spoil: place.spoil)
                }
            }
        }
    }

    @Test func `chunks that are fewer or more than announced leave no object`() async throws {
        try await DoorBench.with { bench in
            for announced in [content.count + 1, content.count - 1, 0] {
                try await expectRefusal("IncompleteBody", bench) { key in
                    try await putChunks(bench, key, announced: announced)
                }
            }
            try await expectRefusal("IncompleteBody", bench) { key in
                try await putChunks(bench, key, spoil: { $0.removeLast(90) })
            }
        }
    }

    @Test(arguments: ["zz;chunk-signature=0\r\n", "ffffffffffffffffffff;\r\n", "-5;\r\n", "\r\n", "5\r\nhello\r\n", ";;;;\r\n"])
    func `what is no chunk is refused, whatever it is`(text: String) async throws {
        try await DoorBench.with { bench in
            let answer = try await putChunks(bench, "new", spoil: { $0 = Array(text.utf8) })
            #expect(answer.status == 400 || answer.status == 403)
            #expect(answer.code != nil)
            #expect(try await !bench.isThere("new"))
        }
    }

    // MARK: Bodies that end

    @Test func `a truncated body leaves no object`() async throws {
        try await DoorBench.with { bench in
            // Whether the client still hears an answer is its matter: it is gone.
            let target = "/bucket/new"
            let signed = bench.signer.signed("PUT", target, [("Host", bench.host)], payload: RequestSigner.hash(content))
            let head = bench.head("PUT", target, signed.headers + [("Content-Length", "1000")])
            _ = try await bench.exchange(head + content, isCutOff: true)
            #expect(try await !bench.isThere("new"))
            var count = 0
            for try await _ in bench.project.objects(bucket: "bucket") { count += 1 }
            #expect(count == 0)
        }
    }

    @Test func `a body without a length is asked for it`() async throws {
        try await DoorBench.with { bench in
            let signed = bench.signer.signed("PUT", "/bucket/new", [("Host", bench.host)], payload: RequestSigner.emptyHash)
            let answer = try DoorAnswer(try await bench.exchange(bench.head("PUT", "/bucket/new", signed.headers)))
            #expect(answer.status == 411)
            #expect(answer.code == "MissingContentLength")
        }
    }

    @Test func `a client that waits to be asked is asked when it is let in, and not when it is not`() async throws {
        try await DoorBench.with { bench in
            let expecting = [("Expect", "100-continue")]
            let admitted = try await bench.send("PUT", "/bucket/new", expecting, body: content)
            #expect(admitted.wasContinued)
            #expect(admitted.status == 200)
            var stranger = bench
            stranger.signer = RequestSigner(accessKeyID: bench.signer.accessKeyID, secret: "wrong", date: bench.signer.date)
            // Nothing of the body is sent: a gateway that asked for it first would wait for ever.
            let refused = try await stranger.send("PUT", "/bucket/new", expecting, payload: "UNSIGNED-PAYLOAD", announced: 1 << 40)
            #expect(!refused.wasContinued)
            #expect(refused.code == "SignatureDoesNotMatch")
        }
    }
}
