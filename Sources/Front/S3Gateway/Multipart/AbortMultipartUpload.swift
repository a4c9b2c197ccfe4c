import HTTPTypes
import Uplink

/// Forgets an upload and its parts.
///
/// - Source: Amazon S3 API reference, "AbortMultipartUpload".
enum AbortMultipartUpload {
    static func run(_ call: S3Call) async throws -> S3Response {
        let name = try call.uploadName
        // The satellite aborts what is not there without a word.
        _ = try await call.gateway.uploads.facts(of: name, in: call.project)
        try await call.project.abortUpload(name.upload)
        call.gateway.uploads.forget(name)
        return S3Response(status: .noContent)
    }
}
