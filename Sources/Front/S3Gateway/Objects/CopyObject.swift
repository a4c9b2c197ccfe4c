import HTTPTypes
import S3Protocol
import Uplink

/// Makes an object of another one. The satellite copies where it can; content moves through the gateway only to be
/// encrypted under another key, to get another checksum, or to reach another account.
///
/// - Source: Amazon S3 API reference, "CopyObject".
package enum CopyObject {
    /// Whether something of the source is kept or said anew.
    private enum Directive: String {
        case copy = "COPY"
        case replace = "REPLACE"

        init(_ text: String?, _ name: String) throws(S3Error) {
            guard let directive = Directive(rawValue: text ?? "COPY") else {
                throw S3Error(.invalidArgument, "Unknown \(name) directive.")
            }
            self = directive
        }
    }

    package static func run(_ call: S3Call) async throws -> S3Response {
        let headers = call.request.headers
        let (bucket, key) = (try call.bucket, try call.key)
        let metadataDirective = try Directive(headers[.metadataDirective], "metadata")
        let taggingDirective = try Directive(headers[.taggingDirective], "tagging")
        let origin = try await CopyOrigin(call)
        defer { withExtendedLifetime(origin) {} }
        let isItself = origin.found.object.bucket == bucket && origin.found.object.key == key && !origin.isVersionNamed
        guard !isItself || metadataDirective == .replace || Self.changesStorage(headers) else {
            throw S3Error(
                .invalidRequest,
                "This copy request is illegal because it is trying to copy an object to itself without changing the "
                    + "object's metadata, storage class, website redirect location or encryption attributes.")
        }
        let facts = try facts(origin.found.facts, ObjectFacts(headers), metadataDirective, taggingDirective)
        let write = try await ObjectWrite(call, bucket: bucket, key: key, headers: headers, facts: facts)
        let stored: FoundObject
        if let copied = try await copyAtSatellite(origin, write, call) {
            stored = copied
        } else {
            stored = try await copyContent(origin, write, call)
        }
        await call.stored(stored, .objectCreatedCopy)
        return try await answer(stored, write, origin, call)
    }

    /// Whether a copy of an object to itself changes how it is stored.
    private static func changesStorage(_ headers: HTTPFields) -> Bool {
        headers[.storageClass] != nil || headers[StandardHeader.websiteRedirect.name] != nil
            || headers.contains { $0.name.canonicalName.hasPrefix("x-amz-server-side-encryption") }
    }

    /// What the copy is said to be.
    private static func facts(
        _ old: ObjectFacts, _ requested: ObjectFacts, _ metadata: Directive, _ tagging: Directive
    ) -> ObjectFacts {
        var facts = old
        facts.accessControl = nil
        if metadata == .replace {
            facts.headers = requested.headers
            facts.userMetadata = requested.userMetadata
            facts.foreign = [:]
        }
        facts.headers[.websiteRedirect] = requested.headers[.websiteRedirect]
        if tagging == .replace { facts.tags = requested.tags }
        return facts
    }

    /// - Returns: nil where only moving the content makes the copy.
    private static func copyAtSatellite(
        _ origin: CopyOrigin, _ write: ObjectWrite, _ call: S3Call
    ) async throws -> FoundObject? {
        let wanted = try algorithm(call)
        guard origin.project === call.project, origin.cipher == nil, write.encryption.customerKey == nil,
            wanted == nil || wanted == origin.found.facts.checksum?.algorithm
        else { return nil }
        var options = CopyOptions()
        options.metadata = write.facts.metadata == origin.found.object.metadata ? nil : write.facts.metadata
        options.failsIfExists = !WriteCheck.overwrites(write.conditions)
        options.retention = write.lock.retention
        options.legalHold = write.lock.isHeld
        let source = origin.found.object
        do {
            return try await call.gateway.changing(write.bucket, write.key) {
                try await WriteCheck.verify(write.conditions, call.project, bucket: write.bucket, key: write.key)
                return FoundObject(
                    try await call.project.copyObject(
                        bucket: source.bucket, key: source.key, version: origin.id ?? source.version,
                        newBucket: write.bucket, newKey: write.key, options: options))
            }
        } catch let error as UplinkError where error.code == .invalidArgument && write.lock.isEmpty {
            // Too many segments, or the buckets keep their content in different places.
            return nil
        } catch {
            throw write.lockRefusal(error) ?? error
        }
    }

    private static func copyContent(
        _ origin: CopyOrigin, _ write: ObjectWrite, _ call: S3Call
    ) async throws -> FoundObject {
        let digests = DigestedContent.Digests(try algorithm(call) ?? origin.found.facts.checksum?.algorithm)
        let content = DigestedContent(content: try await origin.content(), digests: digests)
        return try await write.store(content, size: origin.found.object.size, in: call) { digests.complete(&$0) }
    }

    /// The checksum the copy is to have; nil for the source's.
    private static func algorithm(_ call: S3Call) throws(S3Error) -> ChecksumAlgorithm? {
        guard let text = call.request.headers[AmazonHeader.checksumAlgorithm] else { return nil }
        return try ChecksumAlgorithm.parse(text)
    }

    private static func answer(
        _ stored: FoundObject, _ write: ObjectWrite, _ origin: CopyOrigin, _ call: S3Call
    ) async throws -> S3Response {
        var headers = try await PutObject.answer(stored, write, call).headers
        headers[.eTag] = nil
        headers[.copySourceVersion] = VersionName.text(of: origin.found.object)
        return .xml(
            XMLWriter.document("CopyObjectResult") { writer in
                writer.text("LastModified", S3Date.iso8601(stored.modified))
                writer.text("ETag", stored.tag.quoted)
                if let checksum = stored.facts.checksum {
                    writer.text("Checksum\(checksum.algorithm.rawValue)", checksum.text)
                    writer.text("ChecksumType", checksum.type.rawValue)
                }
            }, headers: headers)
    }
}
