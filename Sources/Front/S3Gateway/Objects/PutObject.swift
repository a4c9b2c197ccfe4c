import HTTPTypes
package import S3Protocol

/// Stores an object that comes in one piece.
///
/// - Source: Amazon S3 API reference, "PutObject".
package enum PutObject {
    package static func run(_ call: S3Call) async throws -> S3Response {
        let body = call.request.body
        let write = try await ObjectWrite(call, bucket: call.bucket, key: call.key, headers: call.request.headers)
        body.compute([.md5])
        let stored = try await write.store(body, size: body.objectLength, in: call) { facts in
            try complete(&facts, body)
        }
        await call.stored(stored, .objectCreatedPut)
        return try await answer(stored, write, call)
    }

    /// Takes the tag and the checksum its sender chose from a body that has come in full.
    package static func complete(_ facts: inout ObjectFacts, _ body: S3Body) throws(S3Error) {
        guard let known = body.facts, let md5 = known.md5 else { throw S3Error(.incompleteBody) }
        facts.entityTag = EntityTag(md5: md5)
        facts.checksum = known.declared.flatMap(known.checksum)
    }

    /// The answer to a write.
    package static func answer(_ stored: FoundObject, _ write: ObjectWrite, _ call: S3Call) async throws -> S3Response {
        var headers: HTTPFields = [.eTag: stored.tag.quoted]
        if let version = VersionName.text(of: stored.object) { headers[.versionID] = version }
        stored.facts.addChecksum(to: &headers)
        for field in write.encryption.responseHeaders { headers[field.name] = field.value }
        var response = S3Response(headers: headers)
        response.set("x-amz-expiration", try await call.expiration(of: stored))
        return response
    }
}
