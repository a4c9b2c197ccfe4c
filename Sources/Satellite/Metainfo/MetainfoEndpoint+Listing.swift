import Foundation
import Macaroons
import Metabase
import StorageModel
import WireMessages

extension MetainfoEndpoint {
    /// Lists objects, versions or uploads of a bucket.
    ///
    /// - Source: protocol document 2 §2.6 and §4.8.
    func listObjects(
        _ request: Metainfo_ListObjectsRequest, _ caller: Caller
    ) async throws -> Metainfo_ListObjectsResponse {
        try caller.demand(.list, bucket: Array(request.bucket), path: Array(request.encryptedPrefix))
        try caller.charge(.list)
        let includes = try ListingIncludes(request)
        let listing = try listing(request, includes, caller)
        let page = try await metabase.list(listing)
        let writer = ListingWriter(
            bucketName: listing.bucket.name, project: caller.projectID, prefixLength: listing.prefix.count,
            scope: listing.scope, includes: includes, tokens: tokens)
        var response = Metainfo_ListObjectsResponse()
        response.items = try page.items.map(writer.item)
        response.more = page.hasMore
        return response
    }

    private func listing(
        _ request: Metainfo_ListObjectsRequest, _ includes: ListingIncludes, _ caller: Caller
    ) throws -> ObjectListing {
        let bucket = try bucketLocation(request.bucket, caller)
        let limit = try listLimit(request.limit, refusal: "limit is negative")
        var version: ObjectVersionID?
        if !request.versionCursor.isEmpty {
            version = ObjectVersionID(request.versionCursor)
            guard version != nil else { throw Refusal.invalid("invalid request: invalid stream version id") }
        }
        let delimiter = request.delimiter.isEmpty ? Array("/".utf8) : Array(request.delimiter)
        var prefix = Array(request.encryptedPrefix)
        if !request.arbitraryPrefix, !prefix.isEmpty, Array(prefix.suffix(delimiter.count)) != delimiter {
            prefix += delimiter
        }
        let scope: ObjectListing.Scope =
            request.status == .uploading ? .uploads : request.includeAllVersions ? .allVersions : .latest
        let hasCursor = !request.encryptedCursor.isEmpty || version != nil
        return ObjectListing(
            bucket: bucket, scope: scope, prefix: prefix, delimiter: request.recursive ? [] : delimiter,
            cursor: hasCursor ? .init(key: Array(request.encryptedCursor), version: version) : nil, limit: limit,
            includesMetadata: includes.needsMetadata)
    }

    /// Lists the uploads of one key.
    func listPendingObjectStreams(
        _ request: Metainfo_ListPendingObjectStreamsRequest, _ caller: Caller
    ) async throws -> Metainfo_ListPendingObjectStreamsResponse {
        let (bucket, key) = (Array(request.bucket), Array(request.encryptedObjectKey))
        try caller.demand(.list, bucket: bucket, path: key)
        try caller.charge(.list)
        let location = try objectLocation(bucket: request.bucket, key: request.encryptedObjectKey, caller)
        let limit = try listLimit(request.limit)
        let cursor = request.streamIDCursor.isEmpty ? nil : try streamToken(request.streamIDCursor, caller)
        let page = try await metabase.uploads(of: location, after: cursor?.upload, limit: limit)
        let writer = ListingWriter(
            bucketName: location.bucket.name, project: caller.projectID, prefixLength: 0, scope: .uploads,
            includes: .uploads, tokens: tokens)
        var response = Metainfo_ListPendingObjectStreamsResponse()
        response.items = try page.uploads.map { try writer.item(.upload($0)) }
        response.more = page.hasMore
        return response
    }
}
