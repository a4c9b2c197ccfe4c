import HTTPTypes
import NIOCore
import S3Protocol
import Uplink

/// Stores one part of an upload that is read from an object.
///
/// - Source: Amazon S3 API reference, "UploadPartCopy".
enum UploadPartCopy {
    static func run(_ call: S3Call) async throws -> S3Response {
        let number = try call.partNumber
        let name = try call.uploadName
        let requested = try RequestedEncryption.parse(call.request.headers)
        let upload = try await call.gateway.uploads.facts(of: name, in: call.project)
        let cipher = try UploadPart.partCipher(upload.object, key: requested.customerKey)
        let source = try await PartSource(call)
        defer { withExtendedLifetime(source) {} }
        let part = try await call.project.uploadPart(name.upload, number: number)
        var writer = PartWriter(part, cipher: cipher)
        do {
            var md5 = MD5Hasher()
            var checksum = upload.algorithm.map(ChecksumHasher.init)
            for try await bytes in try await source.content() {
                md5.update(bytes)
                checksum?.update(bytes)
                try await writer.write(bytes)
            }
            guard writer.size == source.length else { throw S3Error(.operationAborted) }
            let facts = PartFacts(md5: md5.finish(), checksum: checksum?.checksum)
            let stored = try await writer.commit(facts)
            return answer(stored, facts, upload, source, requested)
        } catch {
            await part.abort()
            throw error
        }
    }

    private static func answer(
        _ part: Part, _ facts: PartFacts, _ upload: UploadFacts, _ source: PartSource, _ requested: RequestedEncryption
    ) -> S3Response {
        var response = S3Response.xml(
            XMLWriter.document("CopyPartResult") { writer in
                if let modified = part.modifiedAt { writer.text("LastModified", S3Date.iso8601(.init(s3: modified))) }
                writer.text("ETag", facts.entityTag.quoted)
                if let checksum = facts.checksum { writer.text("Checksum\(checksum.algorithm.rawValue)", checksum.text) }
            }, headers: UploadPart.encryptionHeaders(upload, requested))
        response.set("x-amz-copy-source-version-id", source.versionID)
        return response
    }
}

/// The object, or the range of one, that a part is copied from.
private struct PartSource {
    private let project: Project
    private let found: FoundObject
    private let range: Range<Int64>
    private let cipher: ContentCipher?
    private let id: ObjectVersion?

    /// Finds it and asks whether the caller may read it.
    ///
    /// - Throws: `InvalidArgument`, `InvalidRange`, `PreconditionFailed`, and what the look-up and the doorkeeper throw.
    init(_ call: S3Call) async throws {
        let source = try CopySource.parse(call.request.header("x-amz-copy-source") ?? "")
        let doorkeeper = call.gateway.doorkeeper
        let admission = try await doorkeeper.admit(
            AccessQuestion(
                .getObject, bucket: source.bucket, key: source.key, versionID: source.versionID, caller: call.caller,
                request: call.request))
        project = try await doorkeeper.project(for: admission, call.caller)
        let version = try VersionName.parse(source.versionID)
        id = try await ObjectLookUp.id(of: version, project, bucket: source.bucket, key: source.key)
        found = try await ObjectLookUp.find(project, bucket: source.bucket, key: source.key, version: version)
        try ReadConditions(copySource: call.request.headers).check(copyOf: found.tag, modified: found.modified)
        let size = found.object.size
        range = try call.request.header("x-amz-copy-source-range").map { (text) throws(S3Error) in
            try CopySourceRange.parse(text, size: size)
        } ?? 0..<size
        guard Int64(range.count) <= PartWriter.maximumSize else {
            throw S3Error(
                .invalidRequest, "The specified copy source is larger than the maximum allowable size for a copy source")
        }
        let key = try RequestedEncryption.parseCopySource(call.request.headers)
        if let sealed = found.facts.customerKey {
            cipher = try sealed.open(key)
        } else {
            try SealedCustomerKey.refuse(key)
            cipher = nil
        }
    }

    /// Bytes that will come.
    var length: Int64 { Int64(range.count) }

    /// The source's version as answers call it.
    var versionID: String? { VersionName.text(of: found.object) }

    func content() async throws -> ObjectContent {
        let options = DownloadOptions(range: .bytes(range), version: id ?? found.object.version)
        let download = try await project.download(bucket: found.object.bucket, key: found.object.key, options: options)
        return try await ObjectContent(download, cipher, in: project, id: id)
    }
}
