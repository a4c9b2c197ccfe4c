import XML

/// Which web pages may speak to a bucket.
///
/// - Source: Amazon S3 user guide, "Using cross-origin resource sharing"; WHATWG, "Fetch", CORS protocol.
package struct CORSConfiguration: Sendable, Hashable {
    /// S3 takes no more rules.
    package static let maximumRuleCount = 100
    private static let methods: Set<String> = ["GET", "PUT", "HEAD", "POST", "DELETE"]

    package struct Rule: Sendable, Hashable {
        package let id: String?
        package let origins: [String]
        package let methods: [String]
        package let requestHeaders: [String]
        package let exposedHeaders: [String]
        package let maximumAgeSeconds: Int64?
    }

    package let rules: [Rule]

    /// - Throws: `MalformedXML`, `InvalidRequest`.
    package init(xml bytes: [UInt8]) throws(S3Error) {
        let elements = try XMLReader.read(bytes, named: "CORSConfiguration").all("CORSRule")
        guard (1...Self.maximumRuleCount).contains(elements.count) else { throw S3Error(.malformedXML) }
        var rules: [Rule] = []
        for element in elements { rules.append(try Self.rule(element)) }
        self.rules = rules
    }

    private static func rule(_ element: XMLElement) throws(S3Error) -> Rule {
        let rule = Rule(
            id: try element.one("ID")?.value, origins: element.all("AllowedOrigin").map(\.value),
            methods: element.all("AllowedMethod").map(\.value),
            requestHeaders: element.all("AllowedHeader").map(\.value),
            exposedHeaders: element.all("ExposeHeader").map(\.value),
            maximumAgeSeconds: try element.number("MaxAgeSeconds"))
        guard !rule.origins.isEmpty, !rule.methods.isEmpty, (rule.id?.utf8.count ?? 0) <= 255,
            (rule.maximumAgeSeconds ?? 0) >= 0
        else { throw S3Error(.malformedXML) }
        for method in rule.methods where !methods.contains(method) {
            throw S3Error(
                .invalidRequest, "Found unsupported HTTP method in CORS config. Unsupported method is \(method)")
        }
        for (name, values) in [("AllowedOrigin", rule.origins), ("AllowedHeader", rule.requestHeaders)] {
            for value in values where value.filter({ $0 == "*" }).count > 1 {
                throw S3Error(.invalidRequest, "\(name) \"\(value)\" can not have more than one wildcard.")
            }
        }
        for header in rule.exposedHeaders where header.contains("*") {
            throw S3Error(.invalidRequest, "ExposeHeader \"\(header)\" contains wildcard. We currently do not support it.")
        }
        return rule
    }

    /// The document.
    package func xml() -> [UInt8] {
        XMLWriter.document("CORSConfiguration") { writer in
            for rule in rules {
                writer.element("CORSRule") { writer in
                    writer.text("ID", rule.id)
                    for origin in rule.origins { writer.text("AllowedOrigin", origin) }
                    for method in rule.methods { writer.text("AllowedMethod", method) }
                    for header in rule.requestHeaders { writer.text("AllowedHeader", header) }
                    for header in rule.exposedHeaders { writer.text("ExposeHeader", header) }
                    if let age = rule.maximumAgeSeconds { writer.number("MaxAgeSeconds", age) }
                }
            }
        }
    }

    /// The first rule that lets a page do something; nil when none does.
    ///
    /// - Parameters:
    ///   - origin: of the page: `https://example.com`.
    ///   - headers: those that the page wants to send; empty when it is not asking but doing.
    package func rule(origin: String, method: String, headers: [String]) -> Rule? {
        rules.first { rule in
            rule.methods.contains(method) && rule.allows(origin: origin)
                && headers.allSatisfy { rule.allows(header: $0) }
        }
    }
}

extension CORSConfiguration.Rule {
    func allows(origin: String) -> Bool { origins.contains { WildcardPattern($0).matches(origin) } }

    func allows(header: String) -> Bool {
        requestHeaders.contains { WildcardPattern($0, ignoringCase: true).matches(header.lowercased()) }
    }

    /// What the answer says for `Access-Control-Allow-Origin`: `*` where anybody may, the page's own otherwise.
    package func allowedOrigin(for origin: String) -> String { origins.contains("*") ? "*" : origin }
}
