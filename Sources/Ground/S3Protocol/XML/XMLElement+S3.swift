package import XML

/// S3's ways with elements: one of a kind, or `MalformedXML`.
extension XMLElement {
    /// The element of a name; nil when there is none.
    ///
    /// - Throws: `MalformedXML` when there are several.
    package func one(_ name: String) throws(S3Error) -> XMLElement? {
        var found: XMLElement?
        for child in children where child.name == name {
            guard found == nil else { throw S3Error(.malformedXML) }
            found = child
        }
        return found
    }

    /// The element of a name.
    ///
    /// - Throws: `MalformedXML` when there is none, or several.
    package func required(_ name: String) throws(S3Error) -> XMLElement {
        guard let element = try one(name) else { throw S3Error(.malformedXML) }
        return element
    }

    /// The text of the element of a name; nil when there is none.
    ///
    /// - Throws: `MalformedXML` when there are several.
    package func text(_ name: String) throws(S3Error) -> String? { try one(name)?.text }

    /// `true` or `false` in the element of a name; nil when there is none.
    ///
    /// - Throws: `MalformedXML` for anything else.
    package func flag(_ name: String) throws(S3Error) -> Bool? {
        guard let value = try one(name)?.value else { return nil }
        switch value.lowercased() {
        case "true": return true
        case "false": return false
        default: throw S3Error(.malformedXML)
        }
    }

    /// A whole number in the element of a name; nil when there is none.
    ///
    /// - Throws: `MalformedXML` for anything else.
    package func number(_ name: String) throws(S3Error) -> Int64? {
        guard let value = try one(name)?.value else { return nil }
        guard let number = Int64(value) else { throw S3Error(.malformedXML) }
        return number
    }
}
