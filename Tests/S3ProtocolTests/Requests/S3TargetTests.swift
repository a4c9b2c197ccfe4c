import S3Protocol
import Testing

@Suite struct S3TargetTests {
    private func target(_ path: String, host: String = "127.0.0.1:7777") throws(S3Error) -> S3Target {
        try S3Target.parse(rawPath: path, host: host, domains: ["s3.example.com"])
    }

    @Test(arguments: [
        ("/", nil, nil), ("/b", "b", nil), ("/b/", "b", nil), ("/b/k", "b", "k"), ("/b//k", "b", "/k"),
        ("/b/a/b/", "b", "a/b/"),
        ("/b/%2F%25+", "b", "/%+"), ("/b/%C3%BC", "b", "ü"), ("/b/a%20b", "b", "a b"), ("/b/../c", "b", "../c"),
        ("/b/%2e%2e/c", "b", "../c"), ("/b/a%0Ab", "b", "a\nb"),
    ])
    func `a path names a bucket and a key, decoded once and never tidied up`(
        path: String, bucket: String?, key: String?
    ) throws {
        #expect(try target(path) == S3Target(bucket: bucket, key: key))
    }

    @Test func `a label in front of the gateway's domain is a bucket`() throws {
        #expect(
            try target("/k/x", host: "My.b.S3.example.com:443")
                == S3Target(bucket: "my.b", key: "k/x", isVirtualHost: true))
        #expect(try target("/", host: "b.s3.example.com") == S3Target(bucket: "b", key: nil, isVirtualHost: true))
        #expect(try target("/b/k", host: "s3.example.com") == S3Target(bucket: "b", key: "k"))
        #expect(try target("/b/k", host: "evils3.example.com") == S3Target(bucket: "b", key: "k"))
        #expect(try target("/b/k", host: "[::1]:7777") == S3Target(bucket: "b", key: "k"))
    }

    @Test(arguments: ["", "b/k", "*", "//k", "/b/%", "/b/%4", "/b/%GG", "/b/%FF", "/b/%C3", "/b/%ED%A0%80", "/b/a%00b"])
    func `a path that is none is refused`(path: String) {
        #expect {
            try target(path)
        } throws: { error in
            (error as? S3Error)?.code == .invalidURI
        }
    }

    @Test func `an oversized key is refused by its bytes, not its characters or its escapes`() throws {
        #expect(try target("/b/" + String(repeating: "%61", count: 1024)).key?.utf8.count == 1024)
        #expect(try target("/b/" + String(repeating: "ü", count: 512)).key?.utf8.count == 1024)
        for key in [String(repeating: "a", count: 1025), String(repeating: "ü", count: 513)] {
            #expect {
                try target("/b/" + key)
            } throws: { error in
                (error as? S3Error)?.code == .keyTooLongError
            }
        }
    }

    @Test func `a query is decoded once, a name alone has an empty value`() {
        let query = QueryItems(rawQuery: "a=1&b&c=%26%3D+x&d=&a=2&&%C3%BC=%zz")
        #expect(query["a"] == "1")
        #expect(query["b"] == "")
        #expect(query["c"] == "&= x")
        #expect(query["d"] == "")
        #expect(query.contains("b"))
        #expect(!query.contains("A"))
        #expect(query["ü"] != nil)
        #expect(QueryItems(rawQuery: "").items.isEmpty)
    }
}
