import XML

/// Which objects a lifecycle rule is about.
///
/// - Source: Amazon S3 API reference, "LifecycleRuleFilter".
package struct LifecycleFilter: Sendable, Hashable {
    /// How a client wrote the prefix; it gets it back in the same way.
    enum Form: Sendable, Hashable { case legacyPrefix, filter, none }

    let form: Form
    package private(set) var prefix = ""
    private var hasPrefix = false
    private(set) var tags: [TagSet.Tag] = []
    private var minimumExcluded: Int64?
    private var maximumExcluded: Int64?
    private var hasAnd = false

    /// - Throws: `MalformedXML`, `InvalidTag`.
    init(rule: XMLElement) throws(S3Error) {
        let legacy = try rule.one("Prefix")
        guard let filter = try rule.one("Filter") else {
            form = legacy == nil ? .none : .legacyPrefix
            prefix = legacy?.text ?? ""
            hasPrefix = legacy != nil
            return
        }
        guard legacy == nil else { throw S3Error(.malformedXML) }
        form = .filter
        try read(filter)
        if let and = try filter.one("And") {
            hasAnd = true
            try read(and)
        }
        // A rule with a tag twice would never match: said now rather than never.
        _ = try TagSet(Array(Set(tags)), maximum: TagSet.maximumOfBucket)
    }

    private mutating func read(_ element: XMLElement) throws(S3Error) {
        if let text = try element.one("Prefix")?.text {
            hasPrefix = true
            // Two prefixes, which no schema allows but clients send, both must hold: the longer includes the shorter.
            if text.utf8.count > prefix.utf8.count { prefix = text }
        }
        for tag in element.all("Tag") { tags.append(try TagSet.Tag(tag)) }
        minimumExcluded = try element.number("ObjectSizeGreaterThan") ?? minimumExcluded
        maximumExcluded = try element.number("ObjectSizeLessThan") ?? maximumExcluded
    }

    /// Whether an object is meant.
    func matches(key: String, size: Int64, tags: TagSet) -> Bool {
        key.hasPrefix(prefix) && tags.contains(self.tags) && size > minimumExcluded ?? -1
            && size < maximumExcluded ?? .max
    }

    /// Whether it looks at more than the key.
    var looksBeyondKey: Bool { !tags.isEmpty || minimumExcluded != nil || maximumExcluded != nil }

    /// As it was written.
    func write(to writer: inout XMLWriter) {
        switch form {
        case .none: break
        case .legacyPrefix: writer.text("Prefix", prefix)
        case .filter:
            writer.element("Filter") { writer in
                if hasAnd { writer.element("And") { writeParts(to: &$0) } } else { writeParts(to: &writer) }
            }
        }
    }

    private func writeParts(to writer: inout XMLWriter) {
        if hasPrefix { writer.text("Prefix", prefix) }
        for tag in tags {
            writer.element("Tag") { writer in
                writer.text("Key", tag.key)
                writer.text("Value", tag.value)
            }
        }
        if let minimumExcluded { writer.number("ObjectSizeGreaterThan", minimumExcluded) }
        if let maximumExcluded { writer.number("ObjectSizeLessThan", maximumExcluded) }
    }
}
