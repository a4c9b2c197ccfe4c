import S3Protocol
import Uplink

/// Lists the parts that an upload has.
///
/// - Source: Amazon S3 API reference, "ListParts".
enum ListParts {
    static func run(_ call: S3Call) async throws -> S3Response {
        let name = try call.uploadName
        let upload = try await call.gateway.uploads.facts(of: name, in: call.project)
        let limit = try ListLimit.parse(call.request.query["max-parts"], name: "max-parts")
        let marker = try ListLimit.number(call.request.query["part-number-marker"], name: "part-number-marker") ?? 0
        let parts = try await call.project.parts(of: name.upload, after: marker)
        let page = parts.prefix(limit)
        let initiator = try await call.participant(upload.initiator)
        let owner = try upload.owner(in: call)
        return .xml(
            XMLWriter.document("ListPartsResult") { writer in
                writer.text("Bucket", name.bucket)
                writer.text("Key", name.key)
                writer.text("UploadId", name.id)
                writer.participant("Initiator", initiator)
                writer.participant("Owner", owner)
                writer.text("StorageClass", "STANDARD")
                writer.number("PartNumberMarker", marker)
                if let last = page.last { writer.number("NextPartNumberMarker", last.number) }
                writer.number("MaxParts", limit)
                writer.flag("IsTruncated", parts.count > page.count)
                if let algorithm = upload.algorithm {
                    writer.text("ChecksumAlgorithm", algorithm.rawValue)
                    writer.text("ChecksumType", upload.checksumType.rawValue)
                }
                for part in page { write(part, to: &writer) }
            })
    }

    private static func write(_ part: Part, to writer: inout XMLWriter) {
        let facts = PartFacts(part.entityTag)
        writer.element("Part") { writer in
            writer.number("PartNumber", part.number)
            if let modified = part.modifiedAt { writer.text("LastModified", S3Date.iso8601(.init(s3: modified))) }
            writer.text("ETag", facts?.entityTag.quoted)
            writer.number("Size", part.size)
            if let checksum = facts?.checksum { writer.text("Checksum\(checksum.algorithm.rawValue)", checksum.text) }
        }
    }
}
