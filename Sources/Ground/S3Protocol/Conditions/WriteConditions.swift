package import HTTPTypes

/// The conditions under which a writer wants its object to take a key.
package struct WriteConditions: Hashable, Sendable {
    /// The object there must be one of these.
    package let ifMatch: EntityTagList?
    /// The object there must be none of these; `*` means that nothing may be there.
    package let ifNoneMatch: EntityTagList?

    package init(ifMatch: EntityTagList? = nil, ifNoneMatch: EntityTagList? = nil) {
        self.ifMatch = ifMatch
        self.ifNoneMatch = ifNoneMatch
    }

    /// `If-Match` and `If-None-Match`.
    package init(_ headers: HTTPFields) {
        self.init(
            ifMatch: headers[.ifMatch].map(EntityTagList.init), ifNoneMatch: headers[.ifNoneMatch].map(EntityTagList.init))
    }

    /// Whether there are none.
    package var isEmpty: Bool { ifMatch == nil && ifNoneMatch == nil }

    /// Compares with the object that is there; nil for none, and for a delete marker.
    ///
    /// - Throws: `PreconditionFailed`; `NoSuchKey` when it must match something and nothing is there.
    package func check(existing: EntityTag?) throws(S3Error) {
        if let ifMatch {
            guard let existing else { throw S3Error(.noSuchKey, "The specified key does not exist.") }
            guard ifMatch.contains(existing) else { throw Self.failed }
        }
        if let ifNoneMatch, let existing, ifNoneMatch.contains(existing) { throw Self.failed }
    }

    static var failed: S3Error {
        S3Error(.preconditionFailed, "At least one of the pre-conditions you specified did not hold")
    }
}
