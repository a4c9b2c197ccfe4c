import HTTPTypes
import S3Protocol
package import Uplink

/// Finds objects and says in S3's words why one is not there.
package enum ObjectLookUp {
    /// An object, or a version of it.
    ///
    /// - Throws: `NoSuchBucket`, `NoSuchKey`, `NoSuchVersion`; `MethodNotAllowed` for a version that is a delete marker;
    ///   `AccessDenied` when the object is not there and the grant may not list.
    package static func find(
        _ project: Project, bucket: String, key: String, version: VersionName? = nil
    ) async throws -> FoundObject {
        try await explaining(project, bucket: bucket, key: key, version: version) { id in
            FoundObject(try await project.object(bucket: bucket, key: key, version: id))
        }
    }

    /// Runs a call about an object; when there is no such object, finds out why.
    ///
    /// - Parameter body: takes the satellite's name of the version; nil for the newest.
    /// - Throws: as ``find(_:bucket:key:version:)``, and what the call throws.
    package static func explaining<Result>(
        _ project: Project, bucket: String, key: String, version: VersionName?,
        _ body: (ObjectVersion?) async throws -> Result
    ) async throws -> Result {
        let id = try await id(of: version, project, bucket: bucket, key: key)
        do {
            return try await body(id)
        } catch let error as UplinkError where error.code == .objectNotFound {
            throw try await absence(project, bucket: bucket, key: key, version: id)
        }
    }

    /// The satellite's name of a version; nil for the newest.
    ///
    /// - Throws: `NoSuchVersion` when the key has no version `null`, `NoSuchBucket`.
    package static func id(
        of version: VersionName?, _ project: Project, bucket: String, key: String
    ) async throws -> ObjectVersion? {
        switch version {
        case nil: return nil
        case .id(let id): return id
        case .null:
            let versions = try await project.versions(bucket: bucket, key: key)
            guard let null = versions.first(where: \.isNullVersion) else { throw S3Error(.noSuchVersion) }
            return null.version
        }
    }

    /// Why an object is not there.
    private static func absence(
        _ project: Project, bucket: String, key: String, version: ObjectVersion?
    ) async throws -> S3Error {
        let versions: [Object]
        do {
            versions = try await project.versions(bucket: bucket, key: key, limit: version == nil ? 1 : 0)
        } catch let error as UplinkError where error.code == .permissionDenied {
            return S3Error(.accessDenied)
        }
        guard let version else {
            let marker = versions.first.flatMap { $0.isDeleteMarker ? $0 : nil }
            return S3Error(.noSuchKey, details: [.init("Key", key)], headers: markerHeaders(marker))
        }
        guard let found = versions.first(where: { $0.version == version }), found.isDeleteMarker else {
            return S3Error(.noSuchVersion, details: [.init("Key", key), .init("VersionId", "\(version)")])
        }
        var headers = markerHeaders(found)
        headers[.lastModified] = S3Date.http(FoundObject(found).modified)
        headers[.allow] = "DELETE"
        return S3Error(.methodNotAllowed, headers: headers)
    }

    private static func markerHeaders(_ marker: Object?) -> HTTPFields {
        var headers: HTTPFields = [.deleteMarker: marker == nil ? "false" : "true"]
        if let marker { headers[.versionID] = VersionName.text(of: marker) ?? "null" }
        return headers
    }
}
