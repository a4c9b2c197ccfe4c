package import HTTPTypes
package import StorageModel

/// What the conditions of a read come to.
package enum ReadVerdict: Hashable, Sendable {
    case proceed
    /// 304: the reader has it already.
    case notModified
    /// 412, with the header that failed.
    case failed(String)
}

/// The conditions under which a reader, or a copy's reading half, wants an object.
package struct ReadConditions: Hashable, Sendable {
    private let names: [String]
    private let ifMatch: EntityTagList?
    private let ifNoneMatch: EntityTagList?
    private let ifModifiedSince: Timestamp?
    private let ifUnmodifiedSince: Timestamp?

    /// `If-Match`, `If-None-Match`, `If-Modified-Since` and `If-Unmodified-Since`.
    package init(_ headers: HTTPFields) {
        self.init(headers, prefix: "")
    }

    /// The same with `x-amz-copy-source-` before their names.
    package init(copySource headers: HTTPFields) {
        self.init(headers, prefix: "x-amz-copy-source-")
    }

    private init(_ headers: HTTPFields, prefix: String) {
        names = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"].map { prefix + $0 }
        let values = names.map { headers[AmazonHeader.name($0)] }
        ifMatch = values[0].map(EntityTagList.init)
        ifNoneMatch = values[1].map(EntityTagList.init)
        ifModifiedSince = values[2].flatMap(Self.date)
        ifUnmodifiedSince = values[3].flatMap(Self.date)
    }

    /// A date that cannot be read is no condition, as HTTP has it.
    private static func date(_ text: String) -> Timestamp? { S3Date.parseHTTP(text) ?? S3Date.parseISO8601(text) }

    /// Whether there are none.
    package var isEmpty: Bool {
        ifMatch == nil && ifNoneMatch == nil && ifModifiedSince == nil && ifUnmodifiedSince == nil
    }

    /// Compares with the object that is there. Tags come before dates: a tag that is given silences its date.
    ///
    /// - Parameter modified: counts by whole seconds, as the headers have it.
    /// - Source: RFC 9110 §13.2.2, and S3's own rule for `If-Match` with `If-Unmodified-Since`, which is the same.
    package func evaluate(tag: EntityTag, modified: Timestamp) -> ReadVerdict {
        if let ifMatch {
            guard ifMatch.contains(tag) else { return .failed(names[0]) }
        } else if let ifUnmodifiedSince, modified.seconds > ifUnmodifiedSince.seconds {
            return .failed(names[3])
        }
        if let ifNoneMatch {
            return ifNoneMatch.contains(tag) ? .notModified : .proceed
        }
        if let ifModifiedSince, modified.seconds <= ifModifiedSince.seconds { return .notModified }
        return .proceed
    }

    /// Lets a copy of the object through or not; what a reader has already is no reason to copy it.
    ///
    /// - Throws: `PreconditionFailed`.
    package func check(copyOf tag: EntityTag, modified: Timestamp) throws(S3Error) {
        guard evaluate(tag: tag, modified: modified) == .proceed else { throw WriteConditions.failed }
    }
}
