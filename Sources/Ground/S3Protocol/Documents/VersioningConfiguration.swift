import XML

/// Whether a bucket keeps versions.
///
/// - Source: Amazon S3 API reference, "PutBucketVersioning".
package enum VersioningConfiguration: String, Sendable {
    case enabled = "Enabled"
    case suspended = "Suspended"

    /// - Throws: `MalformedXML`, `IllegalVersioningConfigurationException`, `NotImplemented` for deleting only with a
    ///   second factor.
    package init(xml bytes: [UInt8]) throws(S3Error) {
        let root = try XMLReader.read(bytes, named: "VersioningConfiguration")
        for name in ["MfaDelete", "MFADelete"] {
            guard [nil, "Disabled"].contains(try root.one(name)?.value) else {
                throw S3Error(.notImplemented, "MFA delete is not supported")
            }
        }
        guard let status = try root.one("Status")?.value else { throw S3Error(.illegalVersioningConfigurationException) }
        guard let versioning = VersioningConfiguration(rawValue: status) else { throw S3Error(.malformedXML) }
        self = versioning
    }

    /// The document; nil for a bucket that never kept versions.
    package static func xml(_ versioning: VersioningConfiguration?) -> [UInt8] {
        XMLWriter.document("VersioningConfiguration") { $0.text("Status", versioning?.rawValue) }
    }
}
