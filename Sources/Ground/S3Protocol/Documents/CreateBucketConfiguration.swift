import XML

/// What a new bucket shall be.
///
/// - Source: Amazon S3 API reference, "CreateBucket", "GetBucketLocation".
package struct CreateBucketConfiguration: Sendable, Hashable {
    /// The region it shall be in; nil for the first.
    package let locationConstraint: String?

    /// - Throws: `MalformedXML`, `InvalidLocationConstraint`.
    package init(xml bytes: [UInt8]) throws(S3Error) {
        let root = try XMLReader.read(bytes, named: "CreateBucketConfiguration")
        locationConstraint = try root.one("LocationConstraint")?.value
        guard let location = locationConstraint, !location.isEmpty else { return }
        let isName = location.utf8.count <= 64 && location.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isName else { throw S3Error(.invalidLocationConstraint) }
    }

    /// The answer to where a bucket is.
    ///
    /// - Parameter location: empty for the first region.
    package static func answer(_ location: String) -> [UInt8] {
        var writer = XMLWriter()
        let attributes: KeyValuePairs = ["xmlns": XMLWriter.namespace]
        writer.text("LocationConstraint", attributes, location)
        return writer.bytes
    }
}
