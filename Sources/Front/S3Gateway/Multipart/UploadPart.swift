import HTTPTypes
import S3Protocol
import Uplink

/// Stores one part of an upload.
///
/// - Source: Amazon S3 API reference, "UploadPart".
enum UploadPart {
    static func run(_ call: S3Call) async throws -> S3Response {
        let number = try call.partNumber
        let name = try call.uploadName
        let requested = try RequestedEncryption.parse(call.request.headers)
        let upload = try await call.gateway.uploads.facts(of: name, in: call.project)
        let cipher = try partCipher(upload.object, key: requested.customerKey)
        let body = call.request.body
        if let length = body.objectLength, length > PartWriter.maximumSize { throw S3Error(.entityTooLarge) }
        body.compute(upload.algorithm.map { [.md5, BodyDigests($0)] } ?? .md5)
        let part = try await call.project.uploadPart(name.upload, number: number)
        var writer = PartWriter(part, cipher: cipher)
        do {
            for try await bytes in body { try await writer.write(bytes) }
            let facts = try facts(of: body, for: upload)
            _ = try await writer.commit(facts)
            return answer(facts, upload, requested)
        } catch {
            await part.abort()
            throw error
        }
    }

    /// The cipher of an upload that began with a customer's key, which every part must bring.
    static func partCipher(_ object: ObjectFacts, key: CustomerKey?) throws(S3Error) -> ContentCipher? {
        guard let sealed = object.customerKey else {
            try SealedCustomerKey.refuse(key)
            return nil
        }
        return try sealed.open(key)
    }

    private static func facts(of body: S3Body, for upload: UploadFacts) throws(S3Error) -> PartFacts {
        guard let facts = body.facts, let md5 = facts.md5 else { throw S3Error(.internalError) }
        if let expected = upload.algorithm, let declared = facts.declared, declared != expected {
            throw S3Error(
                .invalidRequest,
                "Checksum Type mismatch occurred, expected checksum Type: \(expected.rawValue.lowercased()), "
                    + "actual checksum Type: \(declared.rawValue.lowercased())")
        }
        return PartFacts(md5: md5, checksum: (upload.algorithm ?? facts.declared).flatMap { facts.checksum($0) })
    }

    private static func answer(
        _ facts: PartFacts, _ upload: UploadFacts, _ requested: RequestedEncryption
    ) -> S3Response {
        var response = S3Response(headers: encryptionHeaders(upload, requested))
        response.headers[.eTag] = facts.entityTag.quoted
        if let checksum = facts.checksum { response.headers[checksum.algorithm.headerName] = checksum.text }
        return response
    }

    /// What answers about an upload say of its encryption.
    static func encryptionHeaders(_ upload: UploadFacts, _ requested: RequestedEncryption) -> HTTPFields {
        upload.object.isEncryptionManaged ? RequestedEncryption.managed.responseHeaders : requested.responseHeaders
    }
}
