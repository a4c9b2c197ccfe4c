package import HTTPTypes

/// What a signature covers of a request, as it came over the wire.
package struct SignedRequest: Sendable {
    /// The verb, in capitals.
    package var method: String
    /// The request line's path, before "?", still percent-encoded.
    package var rawPath: String
    /// What stands after "?", without it; empty when there is none.
    package var rawQuery: String
    /// Every header, repeated ones repeated.
    package var headers: HTTPFields
    /// The text of `Host`.
    package var host: String
    /// The bucket when the host names it. Only signatures of version 2 cover it.
    package var bucketInHost: String?

    package init(
        method: String, rawPath: String, rawQuery: String, headers: HTTPFields, host: String,
        bucketInHost: String? = nil
    ) {
        self.method = method
        self.rawPath = rawPath
        self.rawQuery = rawQuery
        self.headers = headers
        self.host = host
        self.bucketInHost = bucketInHost
    }

    /// The query's items in their order, decoded; what cannot be decoded stays as it is.
    var queryItems: [SignedQueryItem] { SignedQueryItem.parse(rawQuery) }

    /// The first value of an item; nil when there is none of that name (compared exactly).
    func queryValue(_ name: String) -> String? { queryItems.first { $0.name == name }?.value }

    /// Headers that a client moved into the query of a presigned URL, to be treated as if they had been sent.
    ///
    /// S3 takes any `x-amz-…` there; the parameters of the signature itself are none.
    package var hoistedHeaders: HTTPFields {
        var fields = HTTPFields()
        guard !rawQuery.isEmpty else { return fields }
        for item in queryItems {
            let lower = item.name.lowercased()
            let isOfSignature = SignatureV4.queryNames.contains { $0.lowercased() == lower }
            guard lower.hasPrefix("x-amz-"), !isOfSignature, let name = HTTPField.Name(lower),
                headers[name] == nil, !headers.contains(name)
            else { continue }
            fields.append(HTTPField(name: name, value: item.value ?? ""))
        }
        return fields
    }
}

/// One `name=value` of a query, decoded.
struct SignedQueryItem: Hashable, Sendable {
    var name: String
    /// Nil when there is no "=".
    var value: String?

    /// Splits at "&" and "="; "+" means a space, as forms have it and as S3 reads it.
    static func parse(_ rawQuery: String) -> [SignedQueryItem] {
        rawQuery.utf8.split(separator: UInt8(ascii: "&")).map { item in
            let parts = item.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return SignedQueryItem(
                name: PercentCode.decodeForm(parts[0]), value: parts.count > 1 ? PercentCode.decodeForm(parts[1]) : nil)
        }
    }
}
