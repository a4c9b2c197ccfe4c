/// What a link asks for: `/s/ACCESS/BUCKET/KEY` shows a page about it, `/raw/ACCESS/BUCKET/KEY` gives it as it is.
///
/// A key that is empty or ends in a slash is a prefix, which is listed.
package struct SharedLink: Hashable, Sendable {
    /// How the content is shown.
    package enum Form: String, CaseIterable, Sendable {
        /// A page around it.
        case page = "s"
        /// Itself.
        case raw
    }

    package var form: Form
    /// A serialized access grant, or the access key id of a public credential.
    package var access: String
    /// Empty for all buckets.
    package var bucket: String
    package var key: String

    package init(_ form: Form, access: String, bucket: String = "", key: String = "") {
        self.form = form
        self.access = access
        self.bucket = bucket
        self.key = key
    }

    /// Whether it is a place that is listed rather than an object.
    package var isPrefix: Bool { key.isEmpty || key.hasSuffix("/") }

    /// Parses a request's path, still percent-encoded; nil when it is none of these.
    ///
    /// Only what follows the bucket may have slashes, and every percent sign has its two digits and every text is
    /// UTF-8: a link means one thing or nothing.
    package init?(path: String) {
        let parts = path.split(separator: "/", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0].isEmpty, let form = Form(rawValue: String(parts[1])),
            let access = LinkText.decode(parts[2]), !access.isEmpty
        else { return nil }
        self.init(form, access: access)
        if parts.count > 3 {
            guard let bucket = LinkText.decode(parts[3]) else { return nil }
            self.bucket = bucket
        }
        if parts.count > 4 {
            guard let key = LinkText.decode(parts[4]), key.isEmpty || !bucket.isEmpty else { return nil }
            self.key = key
        }
    }

    /// The path, percent-encoded.
    package var path: String {
        var path = "/\(form.rawValue)/\(LinkText.encode(access))"
        if !bucket.isEmpty { path += "/\(LinkText.encode(bucket))/\(LinkText.encode(key, keepingSlashes: true))" }
        return path
    }

    /// The same link to another key.
    package func with(_ form: Form? = nil, bucket: String? = nil, key: String) -> SharedLink {
        SharedLink(form ?? self.form, access: access, bucket: bucket ?? self.bucket, key: key)
    }
}
