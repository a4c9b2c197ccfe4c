import HTTPTypes
import S3Protocol
import Uplink

/// Makes an object of an upload's parts.
///
/// - Source: Amazon S3 API reference, "CompleteMultipartUpload".
enum CompleteMultipartUpload {
    /// Every part but the last has at least so many bytes.
    private static let minimumPartSize: Int64 = 5 << 20

    static func run(_ call: S3Call) async throws -> S3Response {
        let name = try call.uploadName
        let asked = try CompletedUpload(xml: try await call.document())
        if let answer = call.gateway.uploads.answer(of: name), answer.parts == asked.parts {
            return response(answer, name, call)
        }
        var facts = try await call.gateway.uploads.facts(of: name, in: call.project)
        try checkKey(facts, call.request)
        let stored = try await call.project.parts(of: name.upload)
        let parts = try chosen(asked.parts, of: stored)
        facts.object.entityTag = .multipart(parts.map(\.facts.md5))
        facts.object.checksum = try checksum(of: parts, facts)
        try check(declaredIn: call.request, facts.object.checksum, size: parts.reduce(0) { $0 + $1.size })
        let object = try await commit(name, facts.object, call)
        let answer = CompletedAnswer(
            tag: .multipart(parts.map(\.facts.md5)), checksum: facts.object.checksum,
            isEncryptionManaged: facts.object.isEncryptionManaged, versionID: VersionName.text(of: object), parts: asked.parts)
        call.gateway.uploads.complete(name, answer)
        await call.gateway.events.happened(
            .objectCreatedCompleteMultipartUpload, call, key: name.key, size: object.size, entityTag: answer.tag.text,
            versionID: answer.versionID)
        return response(answer, name, call)
    }

    /// A customer's key that is sent must be the upload's; of an upload with a checksum it must be sent.
    private static func checkKey(_ facts: UploadFacts, _ request: S3Request) throws(S3Error) {
        let key = try RequestedEncryption.parse(request.headers).customerKey
        guard let sealed = facts.object.customerKey else { return try SealedCustomerKey.refuse(key) }
        guard key != nil || facts.algorithm != nil else { return }
        _ = try sealed.open(key)
    }

    private struct ChosenPart {
        let size: Int64
        let facts: PartFacts
    }

    /// The stored parts that a client names.
    ///
    /// - Throws: `InvalidPart`, `EntityTooSmall`; `NotImplemented` when it leaves some out, which would stay in the object.
    private static func chosen(_ asked: [CompletedUpload.Part], of stored: [Part]) throws(S3Error) -> [ChosenPart] {
        var parts: [ChosenPart] = []
        let byNumber = Dictionary(stored.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        for part in asked {
            guard let found = byNumber[part.number], let facts = PartFacts(found.entityTag),
                facts.entityTag.text == part.entityTag.lowercased()
            else { throw S3Error(.invalidPart, details: [.init("PartNumber", "\(part.number)")]) }
            for (algorithm, text) in part.checksums {
                guard facts.checksum?.algorithm != algorithm || facts.checksum?.text == text else {
                    throw S3Error(.invalidPart, details: [.init("PartNumber", "\(part.number)")])
                }
            }
            parts.append(ChosenPart(size: found.size, facts: facts))
        }
        guard parts.dropLast().allSatisfy({ $0.size >= minimumPartSize }) else { throw S3Error(.entityTooSmall) }
        guard stored.count == parts.count else {
            throw S3Error(.notImplemented, "Parts that were uploaded cannot be left out of the object")
        }
        return parts
    }

    /// The object's checksum from its parts'; nil when a part has none.
    private static func checksum(of parts: [ChosenPart], _ facts: UploadFacts) throws(S3Error) -> ObjectChecksum? {
        guard let algorithm = facts.algorithm else { return nil }
        let checksums = parts.compactMap(\.facts.checksum).filter { $0.algorithm == algorithm }
        guard checksums.count == parts.count else { return nil }
        switch facts.checksumType {
        case .composite: return ObjectChecksum.composite(checksums)
        case .fullObject: return ObjectChecksum.combined(zip(checksums, parts).map { ($0, $1.size) })
        }
    }

    /// Compares with the checksum and size that the request says the object has.
    private static func check(declaredIn request: S3Request, _ checksum: ObjectChecksum?, size: Int64) throws(S3Error) {
        for algorithm in ChecksumAlgorithm.allCases {
            guard let text = request.headers[algorithm.headerName] else { continue }
            guard let checksum, checksum.algorithm == algorithm, checksum.text == text else {
                throw S3Error(
                    .badDigest, "The \(algorithm.rawValue) you specified did not match the calculated checksum.")
            }
        }
        guard let text = request.header("x-amz-mp-object-size") else { return }
        guard Int64(text) == size else {
            throw S3Error(
                .invalidRequest, "The provided 'x-amz-mp-object-size' header does not match what was computed.")
        }
    }

    private static func commit(_ name: UploadName, _ facts: ObjectFacts, _ call: S3Call) async throws -> Object {
        let conditions = WriteConditions(call.request.headers)
        return try await call.gateway.changing(name.bucket, name.key) {
            try await WriteCheck.verify(conditions, call.project, bucket: name.bucket, key: name.key)
            return try await call.project.commitUpload(
                name.upload, metadata: facts.metadata, overwrites: WriteCheck.overwrites(conditions))
        }
    }

    private static func response(_ answer: CompletedAnswer, _ name: UploadName, _ call: S3Call) -> S3Response {
        var response = S3Response.xml(
            XMLWriter.document("CompleteMultipartUploadResult") { writer in
                writer.text("Location", "\(call.request.isSecure ? "https" : "http")://\(call.request.host)\(call.request.rawPath)")
                writer.text("Bucket", name.bucket)
                writer.text("Key", name.key)
                writer.text("ETag", answer.tag.quoted)
                if let checksum = answer.checksum {
                    writer.text("Checksum\(checksum.algorithm.rawValue)", checksum.text)
                    writer.text("ChecksumType", checksum.type.rawValue)
                }
            })
        if answer.isEncryptionManaged {
            for field in RequestedEncryption.managed.responseHeaders { response.headers[field.name] = field.value }
        }
        response.set("x-amz-version-id", answer.versionID)
        return response
    }
}
