/// What a request is about: the whole account, a bucket, or an object in it.
package struct S3Target: Sendable, Hashable {
    /// Bytes of a key at most.
    package static let longestKey = 1024

    package let bucket: String?
    package let key: String?
    /// Whether the bucket stood in the host.
    package let isVirtualHost: Bool

    package init(bucket: String?, key: String?, isVirtualHost: Bool = false) {
        self.bucket = bucket
        self.key = key
        self.isVirtualHost = isVirtualHost
    }

    /// Reads path and host.
    ///
    /// - Parameters:
    ///   - rawPath: as in the request line, percent-encoded, without the query.
    ///   - host: as in `Host`, with or without a port.
    ///   - domains: of this gateway; a label in front of one of them is a bucket.
    /// - Throws: `InvalidURI` for a path that is no UTF-8 or not percent-encoded, `KeyTooLongError`.
    package static func parse(rawPath: String, host: String, domains: [String]) throws(S3Error) -> S3Target {
        guard rawPath.utf8.first == UInt8(ascii: "/"), isEncoded(rawPath) else { throw S3Error(.invalidURI) }
        let decoded = PercentCode.decode(rawPath.utf8.dropFirst())
        guard let path = String(validating: decoded, as: UTF8.self), !path.utf8.contains(0) else {
            throw S3Error(.invalidURI)
        }
        if let bucket = bucket(inHost: host, domains: domains) {
            return S3Target(bucket: bucket, key: try checked(path), isVirtualHost: true)
        }
        guard let slash = path.utf8.firstIndex(of: UInt8(ascii: "/")) else {
            return S3Target(bucket: path.isEmpty ? nil : path, key: nil)
        }
        let bucket = String(path[..<slash])
        guard !bucket.isEmpty else { throw S3Error(.invalidURI) }
        return S3Target(bucket: bucket, key: try checked(String(path[path.utf8.index(after: slash)...])))
    }

    /// The label in front of a domain; nil when the host is none of ours, or the domain itself.
    package static func bucket(inHost host: String, domains: [String]) -> String? {
        let name = hostName(host)
        for domain in domains where name.count > domain.count + 1 && name.hasSuffix("." + domain.lowercased()) {
            return String(name.dropLast(domain.count + 1))
        }
        return nil
    }

    /// A host without its port, in lower case.
    private static func hostName(_ host: String) -> String {
        guard !host.hasPrefix("[") else { return host }
        return String(host.prefix { $0 != ":" }).lowercased()
    }

    private static func checked(_ key: String) throws(S3Error) -> String? {
        guard key.utf8.count <= longestKey else {
            throw S3Error(
                .keyTooLongError, details: [.init("Size", "\(key.utf8.count)"), .init("MaxSizeAllowed", "\(longestKey)")])
        }
        return key.isEmpty ? nil : key
    }

    /// Whether every percent sign has its two digits.
    private static func isEncoded(_ path: String) -> Bool {
        var rest = path.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else { continue }
            guard rest.count >= 2, rest.prefix(2).allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
                return false
            }
            rest = rest.dropFirst(2)
        }
        return true
    }
}
