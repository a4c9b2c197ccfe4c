import S3Protocol
import StorageModel

/// All versions and delete markers in a bucket.
///
/// - Source: Amazon S3 API reference, "ListObjectVersions".
enum ListObjectVersions {
    static func run(_ call: S3Call) async throws -> S3Response {
        let query = call.request.query
        let asked = try ListingParameters(query)
        let start = try start(query)
        let versions = try await call.gateway.index.versions(
            in: call.bucket, of: call.project, clock: call.gateway.clock)
        let page = versions.page(
            ListingQuery(
                prefix: asked.prefix, delimiter: asked.delimiter, start: start, limit: asked.limit, allVersions: true))
        let bucket = try call.bucket
        return .xml(
            XMLWriter.document("ListVersionsResult") { writer in
                writer.text("Name", bucket)
                writer.text("KeyMarker", asked.encoded(query["key-marker"] ?? ""))
                writer.text("VersionIdMarker", query["version-id-marker"] ?? "")
                asked.write(to: &writer)
                writer.flag("IsTruncated", page.isTruncated)
                if page.isTruncated, let last = page.entries.last {
                    writer.text("NextKeyMarker", asked.encoded(last.key))
                    if case .version(let version) = last { writer.text("NextVersionIdMarker", version.versionName) }
                }
                for version in page.versions { write(version, asked, call, to: &writer) }
                asked.write(prefixes: page.prefixes, to: &writer)
            })
    }

    private static func start(_ query: QueryItems) throws(S3Error) -> ListingQuery.Start {
        let key = query["key-marker"] ?? ""
        guard let version = query["version-id-marker"], !version.isEmpty else {
            return key.isEmpty ? .beginning : .after(key: key)
        }
        guard !key.isEmpty else {
            throw S3Error(.invalidArgument, "A version-id marker cannot be specified without a key marker.")
        }
        return .afterVersion(key: key, version: version)
    }

    private static func write(
        _ version: ListedVersion, _ asked: ListingParameters, _ call: S3Call, to writer: inout XMLWriter
    ) {
        writer.element(version.isDeleteMarker ? "DeleteMarker" : "Version") { writer in
            writer.text("Key", asked.encoded(version.key))
            writer.text("VersionId", version.versionName)
            writer.flag("IsLatest", version.isLatest)
            writer.text("LastModified", S3Date.iso8601(version.modified))
            if !version.isDeleteMarker {
                writer.text("ETag", "\"\(version.tag)\"")
                if let checksum = version.checksum { writer.text("ChecksumAlgorithm", checksum.rawValue) }
                writer.number("Size", version.size)
                writer.text("StorageClass", "STANDARD")
            }
            writer.owner(call)
        }
    }
}
