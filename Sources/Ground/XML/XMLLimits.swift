/// How much of a document is read before it is refused.
package struct XMLLimits: Sendable {
    /// Bytes. The largest document of S3 completes an upload of 10 000 parts with checksums.
    package var byteCount = 4 << 20
    /// Elements in elements. S3's deepest document, a lifecycle rule, has six.
    package var depth = 16
    /// Elements in all: 10 000 parts with up to eight elements each, and some.
    package var elementCount = 100_000
    /// Attributes of one element.
    package var attributeCount = 16

    package init() {}
}
