package import XML

extension XMLReader {
    /// The outermost element of a document of S3.
    ///
    /// - Throws: `MalformedXML` for anything that is not a whole document within the limits.
    package static func read(_ bytes: [UInt8], limits: XMLLimits = XMLLimits()) throws(S3Error) -> XMLElement {
        do throws(XMLError) { return try parse(bytes, limits: limits) } catch { throw S3Error(.malformedXML) }
    }

    /// The outermost element, which must have a name.
    ///
    /// - Throws: `MalformedXML`.
    package static func read(
        _ bytes: [UInt8], named name: String, limits: XMLLimits = XMLLimits()
    ) throws(S3Error) -> XMLElement {
        let element = try read(bytes, limits: limits)
        guard element.name == name else { throw S3Error(.malformedXML) }
        return element
    }
}
