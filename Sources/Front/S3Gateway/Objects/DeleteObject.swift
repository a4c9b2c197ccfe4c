import HTTPTypes
import S3Protocol
import Uplink

/// Deletes an object: hides it behind a delete marker where there are versions, or removes one version for good.
///
/// - Source: Amazon S3 API reference, "DeleteObject".
package enum DeleteObject {
    package static func run(_ call: S3Call) async throws -> S3Response {
        let (headers, key) = (call.request.headers, try call.key)
        var removal = ObjectRemoval(key: key, version: try VersionName.parse(call.request.query["versionId"]))
        removal.ifMatch = headers[.ifMatch].map(EntityTagList.init)
        removal.ifModified = try headers[.ifMatchModified].map { text throws(S3Error) in
            guard let moment = S3Date.parseHTTP(text) ?? S3Date.parseISO8601(text) else {
                throw S3Error(.invalidArgument)
            }
            return moment
        }
        removal.ifSize = try headers[.ifMatchSize].map { text throws(S3Error) in
            guard let size = Int64(text) else { throw S3Error(.invalidArgument) }
            return size
        }
        let outcomes = try await ObjectRemoval.perform(
            [removal], in: call.bucket, bypassesGovernance: BypassGovernance.isAsked(headers), call)
        guard let outcome = outcomes.first else { throw S3Error(.internalError) }
        switch outcome {
        case .refused(let error): throw error
        case .removed(let result):
            await call.removed(removal, result)
            return answer(removal, result)
        }
    }

    private static func answer(_ removal: ObjectRemoval, _ result: DeletionResult?) -> S3Response {
        var response = S3Response(status: .noContent)
        if let marker = result?.markerText {
            response.headers[.versionID] = marker
            response.headers[.deleteMarker] = "true"
        } else if removal.version != nil, let result {
            response.headers[.versionID] = result.removedText ?? result.reference.version?.description
            if result.removedDeleteMarker { response.headers[.deleteMarker] = "true" }
        }
        return response
    }
}

/// The header that overrides retention in governance mode.
enum BypassGovernance {
    static func isAsked(_ headers: HTTPFields) -> Bool { headers[.bypassGovernance]?.lowercased() == "true" }
}
