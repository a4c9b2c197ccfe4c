import HTTPTypes

/// The one spelling of a request that a signature of version 4 covers.
enum CanonicalRequest {
    /// - Parameters:
    ///   - signedHeaders: lower-case names in the order in which the client listed them.
    ///   - payloadHash: the last line: a hash in hexadecimal or one of the words for none.
    /// - Source: AWS Signature Version 4, "Create a canonical request"; S3 encodes its path only once.
    static func bytes(of request: SignedRequest, signedHeaders: [String], payloadHash: String) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(512)
        text += request.method.utf8
        text.append(newline)
        let path = PercentCode.normalized(request.rawPath.utf8, keepingSlashes: true)
        text += path.isEmpty ? [UInt8(ascii: "/")] : path
        text.append(newline)
        appendQuery(of: request, to: &text)
        text.append(newline)
        for name in signedHeaders {
            text += name.utf8
            text.append(UInt8(ascii: ":"))
            appendValues(of: name, in: request, to: &text)
            text.append(newline)
        }
        text.append(newline)
        text += signedHeaders.joined(separator: ";").utf8
        text.append(newline)
        text += payloadHash.utf8
        return text
    }

    private static let newline = UInt8(ascii: "\n")

    /// Items sorted by encoded name, then by encoded value; the signature itself is left out.
    private static func appendQuery(of request: SignedRequest, to text: inout [UInt8]) {
        guard !request.rawQuery.isEmpty else { return }
        let items = request.queryItems.filter { $0.name != "X-Amz-Signature" }
            .map { (name: PercentCode.encode($0.name.utf8), value: PercentCode.encode(($0.value ?? "").utf8)) }
            .sorted { left, right in
                left.name == right.name
                    ? left.value.lexicographicallyPrecedes(right.value)
                    : left.name.lexicographicallyPrecedes(right.name)
            }
        for (index, item) in items.enumerated() {
            if index > 0 { text.append(UInt8(ascii: "&")) }
            text += item.name
            text.append(UInt8(ascii: "="))
            text += item.value
        }
    }

    /// A header's values, trimmed and joined by commas, each run of spaces one space.
    private static func appendValues(of name: String, in request: SignedRequest, to text: inout [UInt8]) {
        guard let field = HTTPField.Name(name) else { return }
        let values = request.headers[values: field]
        if values.isEmpty, name == "host" {
            text += request.host.utf8
            return
        }
        for (index, value) in values.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            appendFolded(value, to: &text)
        }
    }

    private static func appendFolded(_ value: String, to text: inout [UInt8]) {
        var isPending = false
        var isEmpty = true
        for byte in value.utf8 {
            guard byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") else {
                isPending = !isEmpty
                continue
            }
            if isPending { text.append(UInt8(ascii: " ")) }
            text.append(byte)
            isPending = false
            isEmpty = false
        }
    }
}
