import ArgumentParser

/// A place in the network: the project, a bucket, or a key in one.
package struct RemotePath: Hashable, Sendable {
    /// What a remote path begins with.
    package static let scheme = "sj://"

    /// The bucket's name; empty only for `sj://` alone, the whole project.
    package var bucket: String
    /// The object's key or a prefix of keys; empty for the bucket itself.
    package var key: String

    /// A place; a key needs a bucket.
    package init(bucket: String, key: String = "") {
        precondition(!bucket.isEmpty || key.isEmpty, "a key lies in a bucket")
        self.bucket = bucket
        self.key = key
    }

    /// Reads `sj://bucket/key`; everything after the slash behind the bucket is the key, unchanged.
    ///
    /// - Throws: `ValidationError` that says how to write it.
    package static func parse(_ text: String) throws -> RemotePath {
        guard text.hasPrefix(scheme) else {
            let hint = text.hasPrefix("sj:") ? "two slashes: sj://bucket/key" : "sj://\(text.printable)"
            throw ValidationError("\"\(text.printable)\" is not a place in the network; write \(hint)")
        }
        let rest = text.dropFirst(scheme.count)
        // Compared as bytes: a combining mark after the slash would otherwise hide the slash.
        let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/"))
        let bucket = String(decoding: rest.utf8[..<(slash ?? rest.utf8.endIndex)], as: UTF8.self)
        let key = slash.map { String(decoding: rest.utf8[$0...].dropFirst(), as: UTF8.self) } ?? ""
        guard !bucket.isEmpty || slash == nil else {
            throw ValidationError("\"\(text.printable)\" names no bucket; write sj://bucket/key")
        }
        return RemotePath(bucket: bucket, key: key)
    }

    /// Whether this is the whole project.
    package var isProject: Bool { bucket.isEmpty }
    /// Whether this is a whole bucket.
    package var isBucket: Bool { !bucket.isEmpty && key.isEmpty }
    /// Whether this can only mean what lies below: a bucket, or a key that ends in a slash.
    package var isPrefix: Bool { key.isEmpty || key.utf8.last == UInt8(ascii: "/") }

    /// The place of `component` below this one; a slash is put between when there is none.
    package func appending(_ component: String) -> RemotePath {
        RemotePath(bucket: bucket, key: isPrefix ? key + component : "\(key)/\(component)")
    }

    /// This place, which must not be the whole project.
    ///
    /// - Throws: `ValidationError`.
    @discardableResult
    package func requireBucket() throws -> RemotePath {
        guard !isProject else { throw ValidationError("\(Self.scheme) names no bucket; write sj://bucket") }
        return self
    }

    /// This place, which must be a bucket and nothing in it.
    ///
    /// - Throws: `ValidationError`.
    @discardableResult
    package func requireOnlyBucket() throws -> RemotePath {
        try requireBucket()
        guard key.isEmpty else {
            throw ValidationError(
                "\"\(description.printable)\" names a key; this command takes a bucket: sj://\(bucket.printable)")
        }
        return self
    }

    /// This place, which must name a key.
    ///
    /// - Throws: `ValidationError`.
    @discardableResult
    package func requireKey() throws -> RemotePath {
        try requireBucket()
        guard !key.isEmpty else {
            throw ValidationError("\"\(description.printable)\" names no object; write sj://\(bucket.printable)/key")
        }
        return self
    }
}

extension RemotePath: CustomStringConvertible {
    /// What one would type.
    package var description: String { key.isEmpty ? "\(Self.scheme)\(bucket)" : "\(Self.scheme)\(bucket)/\(key)" }
}
