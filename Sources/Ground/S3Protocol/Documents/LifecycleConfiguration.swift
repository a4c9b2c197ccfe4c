package import StorageModel
import XML

/// What becomes of objects by itself.
///
/// - Source: Amazon S3 user guide, "Managing the lifecycle of objects"; API reference,
///   "PutBucketLifecycleConfiguration".
package struct LifecycleConfiguration: Sendable, Hashable {
    /// S3 takes no more rules.
    package static let maximumRuleCount = 1000

    package let rules: [LifecycleRule]

    /// - Parameter makeID: a fresh id for a rule that has none.
    /// - Throws: `MalformedXML`, `InvalidArgument`, `InvalidRequest`, `NotImplemented` for moving to another storage
    ///   class: there is but one.
    package init(xml bytes: [UInt8], makeID: () -> String) throws(S3Error) {
        let elements = try XMLReader.read(bytes, named: "LifecycleConfiguration").all("Rule")
        guard (1...Self.maximumRuleCount).contains(elements.count) else { throw S3Error(.malformedXML) }
        var (rules, ids): ([LifecycleRule], Set<String>) = ([], [])
        for element in elements {
            let rule = try LifecycleRule(element, makeID: makeID)
            guard ids.insert(rule.id).inserted else {
                throw S3Error(.invalidArgument, "Rule ID must be unique. Found same ID for more than one rule")
            }
            rules.append(rule)
        }
        self.rules = rules
    }

    /// The document.
    package func xml() -> [UInt8] {
        XMLWriter.document("LifecycleConfiguration") { writer in
            for rule in rules { writer.element("Rule") { rule.write(to: &$0) } }
        }
    }

    /// What is to be done with a version of an object now.
    package func action(
        for subject: LifecycleSubject, at now: Timestamp, calendar: LifecycleCalendar
    ) -> LifecycleAction {
        let actions = rules.filter(\.isEnabled).map { $0.action(for: subject, at: now, calendar: calendar) }
        return actions.first { $0 != .keep } ?? .keep
    }

    /// Whether an upload that was begun and never finished is to be aborted now.
    package func abortsUpload(
        of key: String, begunAt: Timestamp, at now: Timestamp, calendar: LifecycleCalendar
    ) -> Bool {
        rules.contains { rule in
            guard rule.isEnabled, let days = rule.abortDays, key.hasPrefix(rule.filter.prefix) else { return false }
            return calendar.moment(days: days, after: begunAt) <= now
        }
    }

    /// When an object will expire, and by which rule; nil when it will not. For `x-amz-expiration`.
    package func expiration(
        of key: String, size: Int64, tags: TagSet, modifiedAt: Timestamp
    ) -> (date: Timestamp, ruleID: String)? {
        let calendar = LifecycleCalendar()
        return rules.filter { $0.isEnabled && $0.filter.matches(key: key, size: size, tags: tags) }
            .compactMap { rule in rule.expiry(modifiedAt: modifiedAt, calendar: calendar).map { ($0, rule.id) } }
            .min { $0.0 < $1.0 }
            .map { (date: $0.0, ruleID: $0.1) }
    }
}

/// One version of an object, or one delete marker, as lifecycle rules see it.
package struct LifecycleSubject: Sendable {
    package var key: String
    /// Bytes; 0 for a delete marker.
    package var size: Int64
    package var tags: TagSet
    package var modifiedAt: Timestamp
    package var isDeleteMarker: Bool
    /// When a newer version came; nil for the newest.
    package var noncurrentSince: Timestamp?
    /// How many versions lie between this one and the newest.
    package var newerNoncurrentCount: Int
    /// Whether there is no other version of the object.
    package var isOnlyVersion: Bool

    package init(
        key: String, size: Int64, tags: TagSet = .empty, modifiedAt: Timestamp, isDeleteMarker: Bool = false,
        noncurrentSince: Timestamp? = nil, newerNoncurrentCount: Int = 0, isOnlyVersion: Bool = true
    ) {
        self.key = key
        self.size = size
        self.tags = tags
        self.modifiedAt = modifiedAt
        self.isDeleteMarker = isDeleteMarker
        self.noncurrentSince = noncurrentSince
        self.newerNoncurrentCount = newerNoncurrentCount
        self.isOnlyVersion = isOnlyVersion
    }
}

/// What lifecycle rules want done.
package enum LifecycleAction: Sendable, Hashable {
    case keep
    /// Delete the object: it goes, or in a bucket with versions a delete marker comes on top.
    case expire
    /// Remove just this version or delete marker for good.
    case remove
}
