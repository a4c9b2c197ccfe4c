import XML

/// What a bucket's owner forbids himself to open.
///
/// - Source: Amazon S3 API reference, "PublicAccessBlockConfiguration".
package struct PublicAccessBlock: Sendable, Hashable {
    /// Lists that let strangers in are refused when they are set.
    package var blockPublicAcls = false
    /// Such lists count as if they did not.
    package var ignorePublicAcls = false
    /// Policies that let strangers in are refused when they are set.
    package var blockPublicPolicy = false
    /// A policy that lets strangers in lets in nobody but the owner.
    package var restrictPublicBuckets = false

    /// Nothing is forbidden.
    package init() {}

    /// - Throws: `MalformedXML`.
    package init(xml bytes: [UInt8]) throws(S3Error) {
        let root = try XMLReader.read(bytes, named: "PublicAccessBlockConfiguration")
        blockPublicAcls = try root.flag("BlockPublicAcls") ?? false
        ignorePublicAcls = try root.flag("IgnorePublicAcls") ?? false
        blockPublicPolicy = try root.flag("BlockPublicPolicy") ?? false
        restrictPublicBuckets = try root.flag("RestrictPublicBuckets") ?? false
    }

    /// The document.
    package func xml() -> [UInt8] {
        XMLWriter.document("PublicAccessBlockConfiguration") { writer in
            writer.flag("BlockPublicAcls", blockPublicAcls)
            writer.flag("IgnorePublicAcls", ignorePublicAcls)
            writer.flag("BlockPublicPolicy", blockPublicPolicy)
            writer.flag("RestrictPublicBuckets", restrictPublicBuckets)
        }
    }
}
