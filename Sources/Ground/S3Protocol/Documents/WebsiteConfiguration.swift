import XML

/// How a bucket is served as a website.
///
/// - Source: Amazon S3 API reference, "WebsiteConfiguration"; user guide, "Hosting a static website".
package struct WebsiteConfiguration: Sendable, Hashable {
    /// S3 takes no more routing rules.
    package static let maximumRuleCount = 50

    /// Where a request is sent instead.
    package struct Redirect: Sendable, Hashable {
        package let host: String?
        package let scheme: String?
        /// In 300...399.
        package let status: Int
        package let newPrefix: String?
        package let newKey: String?
    }

    /// What is sent elsewhere.
    package struct RoutingRule: Sendable, Hashable {
        package let prefix: String?
        /// Only when the answer would have this status.
        package let errorStatus: Int?
        package let redirect: Redirect
    }

    package let indexSuffix: String?
    package let errorKey: String?
    /// Everything goes there.
    package let redirectAll: Redirect?
    package let rules: [RoutingRule]

    /// - Throws: `MalformedXML`, `InvalidArgument`, `InvalidRequest`.
    package init(xml bytes: [UInt8]) throws(S3Error) {
        let root = try XMLReader.read(bytes, named: "WebsiteConfiguration")
        redirectAll = try root.one("RedirectAllRequestsTo").map { (e) throws(S3Error) in try Self.redirect(e) }
        indexSuffix = try root.one("IndexDocument")?.required("Suffix").text
        errorKey = try root.one("ErrorDocument")?.required("Key").text
        let elements = try root.one("RoutingRules")?.all("RoutingRule") ?? []
        guard elements.count <= Self.maximumRuleCount else { throw S3Error(.invalidRequest, "Too many routing rules") }
        var rules: [RoutingRule] = []
        for element in elements { rules.append(try Self.rule(element)) }
        self.rules = rules
        if let redirectAll {
            guard indexSuffix == nil, errorKey == nil, rules.isEmpty, redirectAll.host != nil else {
                throw S3Error(.invalidArgument, "RedirectAllRequestsTo cannot be provided in conjunction with others")
            }
        } else {
            guard let indexSuffix, !indexSuffix.isEmpty, !indexSuffix.contains("/"), errorKey != "" else {
                throw S3Error(.invalidArgument, "The IndexDocument Suffix is not well formed")
            }
        }
    }

    private static func rule(_ element: XMLElement) throws(S3Error) -> RoutingRule {
        let condition = try element.one("Condition")
        let status = try condition?.number("HttpErrorCodeReturnedEquals")
        guard status.map({ (400...599).contains($0) }) ?? true else { throw S3Error(.invalidRequest, "Not an error's code") }
        return RoutingRule(
            prefix: try condition?.one("KeyPrefixEquals")?.text, errorStatus: status.map(Int.init),
            redirect: try redirect(element.required("Redirect")))
    }

    private static func redirect(_ element: XMLElement) throws(S3Error) -> Redirect {
        let scheme = try element.one("Protocol")?.value
        let status = try element.number("HttpRedirectCode") ?? 301
        let redirect = Redirect(
            host: try element.one("HostName")?.value, scheme: scheme, status: Int(clamping: status),
            newPrefix: try element.one("ReplaceKeyPrefixWith")?.text, newKey: try element.one("ReplaceKeyWith")?.text)
        guard [nil, "http", "https"].contains(scheme), (300...399).contains(status),
            redirect.newPrefix == nil || redirect.newKey == nil, redirect.host != ""
        else { throw S3Error(.invalidRequest, "The redirection is not valid") }
        return redirect
    }

    /// The document.
    package func xml() -> [UInt8] {
        XMLWriter.document("WebsiteConfiguration") { writer in
            if let redirectAll { writer.element("RedirectAllRequestsTo") { redirectAll.write(to: &$0, isRule: false) } }
            if let indexSuffix { writer.element("IndexDocument") { $0.text("Suffix", indexSuffix) } }
            if let errorKey { writer.element("ErrorDocument") { $0.text("Key", errorKey) } }
            guard !rules.isEmpty else { return }
            writer.element("RoutingRules") { writer in
                for rule in rules { writer.element("RoutingRule") { rule.write(to: &$0) } }
            }
        }
    }

    /// The rule for a key before it is looked up, or after it led to an error's status.
    package func rule(for key: String, errorStatus: Int?) -> RoutingRule? {
        rules.first { rule in key.hasPrefix(rule.prefix ?? "") && rule.errorStatus == errorStatus }
    }
}

extension WebsiteConfiguration.RoutingRule {
    fileprivate func write(to writer: inout XMLWriter) {
        if prefix != nil || errorStatus != nil {
            writer.element("Condition") { writer in
                writer.text("KeyPrefixEquals", prefix)
                if let errorStatus { writer.number("HttpErrorCodeReturnedEquals", errorStatus) }
            }
        }
        writer.element("Redirect") { redirect.write(to: &$0, isRule: true) }
    }

    /// The key that another stands for.
    package func newKey(for key: String) -> String {
        if let newKey = redirect.newKey { return newKey }
        guard let newPrefix = redirect.newPrefix else { return key }
        return newPrefix + key.dropFirst(prefix?.count ?? 0)
    }
}

extension WebsiteConfiguration.Redirect {
    fileprivate func write(to writer: inout XMLWriter, isRule: Bool) {
        writer.text("HostName", host)
        if isRule { writer.number("HttpRedirectCode", status) }
        writer.text("Protocol", scheme)
        writer.text("ReplaceKeyPrefixWith", newPrefix)
        writer.text("ReplaceKeyWith", newKey)
    }
}
