/// What a gateway accepts of signatures.
package struct AuthenticationRules: Sendable {
    /// How far a signed request's date may be from the gateway's clock, either way.
    package var maximumSkew: Duration
    /// The longest life of a presigned URL.
    package var longestPresigned: Duration
    /// The regions a scope may name; nil for any.
    package var regions: Set<String>?

    /// S3's own numbers, and any region: clients are configured with whatever their last service had.
    package init(
        maximumSkew: Duration = .seconds(15 * 60), longestPresigned: Duration = .seconds(7 * 86400),
        regions: Set<String>? = nil
    ) {
        self.maximumSkew = maximumSkew
        self.longestPresigned = longestPresigned
        self.regions = regions
    }
}
