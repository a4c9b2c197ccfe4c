/// The headers of one part of a form.
struct FormHeader {
    /// In lower case.
    let name: String
    let fileName: String?
    let contentType: String?

    /// - Parameter text: lines between a boundary and the empty line.
    /// - Throws: `MalformedPOSTRequest` when the part has no name.
    init(_ text: String) throws(S3Error) {
        var name: String?
        var fileName: String?
        var contentType: String?
        for line in text.split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            switch Self.trimmed(parts[0]).lowercased() {
            case "content-disposition":
                for (key, value) in Self.parameters(parts[1]) {
                    if key == "name" { name = value }
                    if key == "filename" { fileName = value }
                }
            case "content-type": contentType = Self.trimmed(parts[1])
            default: break
            }
        }
        guard let name, !name.isEmpty else { throw FormReader.malformed }
        self.name = name.lowercased()
        // Old browsers send the whole path.
        self.fileName = fileName?.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init)
        self.contentType = contentType
    }

    /// `form-data; name="key"; filename="a;b"`: names in lower case, quotes taken off.
    private static func parameters(_ text: Substring) -> [(String, String)] {
        var items: [Substring] = []
        var isQuoted = false
        var start = text.startIndex
        for index in text.indices {
            if text[index] == "\"" { isQuoted.toggle() }
            guard text[index] == ";", !isQuoted else { continue }
            items.append(text[start..<index])
            start = text.index(after: index)
        }
        items.append(text[start...])
        return items.compactMap { item in
            let parts = item.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            return (trimmed(parts[0]).lowercased(), unquoted(parts[1]))
        }
    }

    static func trimmed(_ text: Substring) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    static func unquoted(_ text: Substring) -> String {
        let plain = trimmed(text)
        guard plain.count >= 2, plain.hasPrefix("\""), plain.hasSuffix("\"") else { return plain }
        // Browsers write a quote in a name as %22.
        return String(plain.dropFirst().dropLast()).replacing("%22", with: "\"")
    }
}
