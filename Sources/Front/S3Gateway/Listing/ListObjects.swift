import S3Protocol
import StorageModel

/// The objects of a bucket, in the first form of the call.
///
/// - Source: Amazon S3 API reference, "ListObjects".
enum ListObjects {
    static func run(_ call: S3Call) async throws -> S3Response {
        let query = call.request.query
        let asked = try ListingParameters(query)
        let marker = query["marker"] ?? ""
        let versions = try await call.gateway.index.versions(
            in: call.bucket, of: call.project, clock: call.gateway.clock)
        let page = versions.page(
            ListingQuery(
                prefix: asked.prefix, delimiter: asked.delimiter,
                start: marker.isEmpty ? .beginning : .after(key: marker), limit: asked.limit))
        let bucket = try call.bucket
        return .xml(
            XMLWriter.document("ListBucketResult") { writer in
                writer.text("Name", bucket)
                writer.text("Marker", asked.encoded(marker))
                asked.write(to: &writer, encodesPrefix: false)
                writer.flag("IsTruncated", page.isTruncated)
                // Without a delimiter the last key says it.
                if page.isTruncated, asked.delimiter != nil, let last = page.entries.last {
                    writer.text("NextMarker", asked.encoded(last.key))
                }
                ListedObject.write(page, asked, showsOwner: true, call, to: &writer)
            })
    }
}

/// The objects of a bucket, in the second form of the call.
///
/// - Source: Amazon S3 API reference, "ListObjectsV2".
enum ListObjectsV2 {
    static func run(_ call: S3Call) async throws -> S3Response {
        let query = call.request.query
        let asked = try ListingParameters(query)
        let start = try start(query)
        let versions = try await call.gateway.index.versions(
            in: call.bucket, of: call.project, clock: call.gateway.clock)
        let page = versions.page(
            ListingQuery(prefix: asked.prefix, delimiter: asked.delimiter, start: start, limit: asked.limit))
        let bucket = try call.bucket
        return .xml(
            XMLWriter.document("ListBucketResult") { writer in
                writer.text("Name", bucket)
                asked.write(to: &writer)
                writer.text("StartAfter", query["start-after"].flatMap { $0.isEmpty ? nil : asked.encoded($0) })
                writer.text("ContinuationToken", query["continuation-token"])
                writer.number("KeyCount", page.entries.count)
                writer.flag("IsTruncated", page.isTruncated)
                if page.isTruncated, let last = page.entries.last {
                    writer.text("NextContinuationToken", ContinuationToken.text(after: last.key))
                }
                ListedObject.write(page, asked, showsOwner: query["fetch-owner"] == "true", call, to: &writer)
            })
    }

    private static func start(_ query: QueryItems) throws(S3Error) -> ListingQuery.Start {
        if let token = query["continuation-token"], !token.isEmpty { return .after(key: try ContinuationToken.key(in: token)) }
        if let key = query["start-after"], !key.isEmpty { return .after(key: key) }
        return .beginning
    }
}

/// An object in a listing without versions.
enum ListedObject {
    static func write(
        _ page: ListingPage, _ asked: ListingParameters, showsOwner: Bool, _ call: S3Call, to writer: inout XMLWriter
    ) {
        for version in page.versions {
            writer.element("Contents") { writer in
                writer.text("Key", asked.encoded(version.key))
                writer.text("LastModified", S3Date.iso8601(version.modified))
                writer.text("ETag", "\"\(version.tag)\"")
                if let checksum = version.checksum { writer.text("ChecksumAlgorithm", checksum.rawValue) }
                writer.number("Size", version.size)
                writer.text("StorageClass", "STANDARD")
                if showsOwner { writer.owner(call) }
            }
        }
        asked.write(prefixes: page.prefixes, to: &writer)
    }
}
