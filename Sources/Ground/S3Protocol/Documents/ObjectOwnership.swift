import XML

/// Whose objects are that strangers put into a bucket.
///
/// - Source: Amazon S3 user guide, "Controlling ownership of objects and disabling ACLs for your bucket".
package enum ObjectOwnership: String, CaseIterable, Sendable {
    /// The bucket owner's, always; lists do not count.
    case bucketOwnerEnforced = "BucketOwnerEnforced"
    /// The bucket owner's when they are put with `bucket-owner-full-control`.
    case bucketOwnerPreferred = "BucketOwnerPreferred"
    /// Theirs.
    case objectWriter = "ObjectWriter"

    /// Reads `OwnershipControls`.
    ///
    /// - Throws: `MalformedXML`.
    package init(xml bytes: [UInt8]) throws(S3Error) {
        let rule = try XMLReader.read(bytes, named: "OwnershipControls").required("Rule")
        guard let ownership = ObjectOwnership(rawValue: try rule.required("ObjectOwnership").value) else {
            throw S3Error(.malformedXML)
        }
        self = ownership
    }

    /// The document.
    package func xml() -> [UInt8] {
        XMLWriter.document("OwnershipControls") { writer in
            writer.element("Rule") { $0.text("ObjectOwnership", rawValue) }
        }
    }
}
