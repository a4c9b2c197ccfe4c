import GatewayRecords
import HTTPTypes
import S3Protocol
import StorageModel
import Uplink

/// Begins an object whose parts come one by one.
///
/// - Source: Amazon S3 API reference, "CreateMultipartUpload".
enum CreateMultipartUpload {
    static func run(_ call: S3Call) async throws -> S3Response {
        let write = try await ObjectWrite(call, bucket: call.bucket, key: call.key, headers: call.request.headers)
        var facts = UploadFacts(object: write.facts)
        try facts.setChecksum(
            algorithm: call.request.header("x-amz-checksum-algorithm"), type: call.request.header("x-amz-checksum-type"))
        facts.initiator = call.caller.account?.id
        facts.object.customerKey = write.encryption.customerKey?.seal(salt: call.gateway.random.bytes(count: 16))
        let options = UploadOptions(metadata: facts.metadata, retention: write.lock.retention, legalHold: write.lock.isHeld)
        let name = try await begin(write, options, call)
        call.gateway.uploads.remember(name, facts)
        return answer(name, facts, write.encryption)
    }

    private static func begin(_ write: ObjectWrite, _ options: UploadOptions, _ call: S3Call) async throws -> UploadName {
        do {
            let upload = try await call.project.beginUpload(bucket: write.bucket, key: write.key, options: options)
            return UploadName(owner: call.owner.id, bucket: upload.bucket, key: upload.key, id: upload.id)
        } catch let error as UplinkError where !write.lock.isEmpty && error.code == .invalidArgument {
            throw S3Error.noLockConfiguration
        }
    }

    private static func answer(
        _ name: UploadName, _ facts: UploadFacts, _ encryption: RequestedEncryption
    ) -> S3Response {
        var response = S3Response.xml(
            XMLWriter.document("InitiateMultipartUploadResult") { writer in
                writer.text("Bucket", name.bucket)
                writer.text("Key", name.key)
                writer.text("UploadId", name.id)
            }, headers: UploadPart.encryptionHeaders(facts, encryption))
        if let algorithm = facts.algorithm {
            response.set("x-amz-checksum-algorithm", algorithm.rawValue)
            response.set("x-amz-checksum-type", facts.checksumType.rawValue)
        }
        return response
    }
}
