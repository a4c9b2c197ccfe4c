/// The limits of the metabase.
///
/// - Source: protocol document 2 §3.4 and §3.9.
package struct MetabaseSettings: Hashable, Sendable {
    /// Plain bytes every part but the last has at least.
    package var minimumPartSize: Int64 = 5 << 20
    /// Distinct parts an object has at most.
    package var maximumParts = 10_000
    /// Segments an object has at most to be copied or moved.
    package var maximumCopySegments = 10_000
    /// An ordinary upload is swept when nothing happened to it for this long.
    package var uploadLifetime = Duration.seconds(24 * 3600)
    /// A multipart upload is swept when nothing happened to it for this long.
    package var multipartLifetime = Duration.seconds(7 * 24 * 3600)

    /// The defaults.
    package init() {}
}
