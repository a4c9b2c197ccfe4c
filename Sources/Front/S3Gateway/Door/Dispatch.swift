import S3Protocol

/// Which part of the gateway answers which operation.
package enum Dispatch {
    /// Runs an operation.
    ///
    /// - Throws: `S3Error`, `UplinkError`; `NotImplemented` for what nobody answers.
    package static func run(_ call: S3Call) async throws -> S3Response {
        if let response = try await bucket(call) { return response }
        if let response = try await document(call) { return response }
        return switch call.operation {
        case .listBuckets: try await ListBuckets.run(call)
        case .listObjects: try await ListObjects.run(call)
        case .listObjectsV2: try await ListObjectsV2.run(call)
        case .listObjectVersions: try await ListObjectVersions.run(call)
        case .putObject: try await PutObject.run(call)
        case .getObject: try await GetObject.run(call)
        case .headObject: try await HeadObject.run(call)
        case .deleteObject: try await DeleteObject.run(call)
        case .deleteObjects: try await DeleteObjects.run(call)
        case .createMultipartUpload: try await CreateMultipartUpload.run(call)
        case .uploadPart: try await UploadPart.run(call)
        case .uploadPartCopy: try await UploadPartCopy.run(call)
        case .completeMultipartUpload: try await CompleteMultipartUpload.run(call)
        case .abortMultipartUpload: try await AbortMultipartUpload.run(call)
        case .listParts: try await ListParts.run(call)
        case .listMultipartUploads: try await ListMultipartUploads.run(call)
        case .copyObject: try await CopyObject.run(call)
        case .getObjectAttributes: try await GetObjectAttributes.run(call)
        case .getObjectTagging: try await GetObjectTagging.run(call)
        case .putObjectTagging: try await PutObjectTagging.run(call)
        case .deleteObjectTagging: try await DeleteObjectTagging.run(call)
        case .getObjectRetention: try await GetObjectRetention.run(call)
        case .putObjectRetention: try await PutObjectRetention.run(call)
        case .getObjectLegalHold: try await GetObjectLegalHold.run(call)
        case .putObjectLegalHold: try await PutObjectLegalHold.run(call)
        default: throw S3Error(.notImplemented, "\(call.operation.rawValue) is not supported by this gateway")
        }
    }
}
