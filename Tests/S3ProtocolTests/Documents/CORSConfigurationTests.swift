import S3Protocol
import Testing

@Suite struct CORSConfigurationTests {
    private func rules(_ text: String) throws(S3Error) -> CORSConfiguration {
        try CORSConfiguration(xml: Array("<CORSConfiguration>\(text)</CORSConfiguration>".utf8))
    }

    @Test(arguments: [
        ("*suffix", "foo.suffix", true), ("*suffix", "foo.bar", false), ("*suffix", "foo.suffix.get", false),
        ("start*end", "startend", true), ("start*end", "start1end", true), ("start*end", "0start12end", false),
        ("prefix*", "prefix.suffix", true), ("prefix*", "bla.prefix", false), ("*", "https://any.example", true),
        ("https://a.example", "https://a.example", true), ("https://a.example", "https://a.example:444", false),
        ("*.put", "foo.put", true), ("https://a.example", "HTTPS://A.EXAMPLE", false),
    ])
    func `an origin is one that a rule names, with one star for anything`(
        allowed: String, origin: String, isAllowed: Bool
    ) throws {
        let rules = try rules(
            "<CORSRule><AllowedOrigin>\(allowed)</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>")
        let rule = rules.rule(origin: origin, method: "GET", headers: [])
        #expect((rule != nil) == isAllowed)
        #expect(rules.rule(origin: origin, method: "PUT", headers: []) == nil)
        guard let rule else { return }
        #expect(rule.allowedOrigin(for: origin) == (allowed == "*" ? "*" : origin))
    }

    @Test func `headers are compared in any case, and all of them must be allowed`() throws {
        let rules = try rules(
            """
            <CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedHeader>X-Amz-Meta-*</AllowedHeader>
            <AllowedHeader>content-type</AllowedHeader></CORSRule>
            """)
        #expect(rules.rule(origin: "o", method: "PUT", headers: ["x-amz-meta-Name", "Content-Type"]) != nil)
        #expect(rules.rule(origin: "o", method: "PUT", headers: ["content-type", "authorization"]) == nil)
    }

    @Test func `the first rule that fits is the one, and all is written as it was read`() throws {
        let rules = try rules(
            """
            <CORSRule><ID>one</ID><AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod><MaxAgeSeconds>5</MaxAgeSeconds></CORSRule>
            <CORSRule><ID>two</ID><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><ExposeHeader>ETag</ExposeHeader></CORSRule>
            """)
        #expect(rules.rule(origin: "a", method: "GET", headers: [])?.id == "one")
        #expect(rules.rule(origin: "b", method: "GET", headers: [])?.id == "two")
        #expect(try CORSConfiguration(xml: rules.xml()) == rules)
    }

    @Test(arguments: [
        ("", S3ErrorCode.malformedXML),
        ("<CORSRule><AllowedOrigin>*</AllowedOrigin></CORSRule>", .malformedXML),
        ("<CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule>", .malformedXML),
        ("<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PATCH</AllowedMethod></CORSRule>", .invalidRequest),
        ("<CORSRule><AllowedOrigin>*a*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>", .invalidRequest),
        (
            "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><ExposeHeader>*</ExposeHeader></CORSRule>",
            .invalidRequest
        ),
        (
            String(
                repeating: "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>",
                count: 101),
            .malformedXML
        ),
    ])
    func `a rule that S3 does not take is refused`(text: String, expected: S3ErrorCode) {
        #expect {
            try rules(text)
        } throws: { error in
            (error as? S3Error)?.code == expected
        }
    }
}
