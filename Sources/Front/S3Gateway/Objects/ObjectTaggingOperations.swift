import HTTPTypes
import S3Protocol
import Uplink

/// Tells the tags of an object.
package enum GetObjectTagging {
    package static func run(_ call: S3Call) async throws -> S3Response {
        let version = try VersionName.parse(call.request.query["versionId"])
        let found = try await ObjectLookUp.find(call.project, bucket: call.bucket, key: call.key, version: version)
        return .xml(found.facts.tags.xml(), headers: ObjectTagging.headers(found))
    }
}

/// Replaces the tags of an object.
package enum PutObjectTagging {
    package static func run(_ call: S3Call) async throws -> S3Response {
        let tags = try TagSet(xml: try await call.document(), maximum: TagSet.maximumOfObject)
        let found = try await ObjectTagging.replace(by: tags, call)
        await call.stored(found, .objectTaggingPut)
        return S3Response(headers: ObjectTagging.headers(found))
    }
}

/// Takes the tags of an object away.
package enum DeleteObjectTagging {
    package static func run(_ call: S3Call) async throws -> S3Response {
        let found = try await ObjectTagging.replace(by: .empty, call)
        await call.stored(found, .objectTaggingDelete)
        return S3Response(status: .noContent, headers: ObjectTagging.headers(found))
    }
}

/// What the operations on tags have in common.
enum ObjectTagging {
    static func headers(_ found: FoundObject) -> HTTPFields {
        guard let version = VersionName.text(of: found.object) else { return [:] }
        return [.versionID: version]
    }

    static func replace(by tags: TagSet, _ call: S3Call) async throws -> FoundObject {
        try await ObjectFactsChange.run(call) { $0.tags = tags }
    }
}

/// Changes what is known of a stored object without touching its content.
enum ObjectFactsChange {
    /// - Returns: the object as it was found, changed.
    /// - Throws: as ``ObjectLookUp/find(_:bucket:key:version:)``.
    static func run(_ call: S3Call, _ change: (inout ObjectFacts) throws -> Void) async throws -> FoundObject {
        let (bucket, key) = (try call.bucket, try call.key)
        let version = try VersionName.parse(call.request.query["versionId"])
        return try await call.gateway.changing(bucket, key) {
            try await ObjectLookUp.explaining(call.project, bucket: bucket, key: key, version: version) { id in
                var object = try await call.project.object(bucket: bucket, key: key, version: id)
                var facts = ObjectFacts(metadata: object.metadata)
                try change(&facts)
                try await call.project.updateMetadata(
                    bucket: bucket, key: key, version: id ?? object.version, metadata: facts.metadata)
                object.metadata = facts.metadata
                return FoundObject(object)
            }
        }
    }
}
