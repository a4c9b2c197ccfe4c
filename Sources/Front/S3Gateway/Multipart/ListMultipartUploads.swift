import GatewayRecords
import S3Protocol
import Uplink

/// Lists the uploads of a bucket that are neither completed nor aborted.
///
/// - Source: Amazon S3 API reference, "ListMultipartUploads".
enum ListMultipartUploads {
    static func run(_ call: S3Call) async throws -> S3Response {
        let listing = try UploadListing(call.request.query)
        let encodes = try encodesNames(call.request.query)
        try await call.checkBucket()
        let page = try await listing.page(of: try call.bucket, in: call.project)
        var initiators: [String: AccessOwner] = [:]
        for upload in page.uploads {
            guard let id = UploadFacts(metadata: upload.metadata).initiator, initiators[id] == nil else { continue }
            initiators[id] = try await call.participant(id)
        }
        let owner = AccessOwner(call.owner)
        var owners: [String: AccessOwner] = [:]
        for upload in page.uploads { owners[upload.id] = try UploadFacts(metadata: upload.metadata).owner(in: call) }
        func name(_ text: String) -> String { encodes ? PercentCode.encode(text, keepingSlashes: true) : text }
        let bucket = try call.bucket
        return .xml(
            XMLWriter.document("ListMultipartUploadsResult") { writer in
                writer.text("Bucket", bucket)
                writer.text("KeyMarker", name(listing.keyMarker))
                writer.text("UploadIdMarker", listing.idMarker)
                if page.isTruncated {
                    writer.text("NextKeyMarker", name(page.nextKeyMarker))
                    writer.text("NextUploadIdMarker", page.nextIDMarker)
                }
                writer.text("Prefix", name(listing.prefix))
                if let delimiter = listing.delimiter { writer.text("Delimiter", name(delimiter)) }
                if encodes { writer.text("EncodingType", "url") }
                writer.number("MaxUploads", listing.limit)
                writer.flag("IsTruncated", page.isTruncated)
                for upload in page.uploads {
                    let facts = UploadFacts(metadata: upload.metadata)
                    let initiator = facts.initiator.flatMap { initiators[$0] } ?? owner
                    writer.element("Upload") { writer in
                        writer.text("Key", name(upload.key))
                        writer.text("UploadId", upload.id)
                        writer.participant("Initiator", initiator)
                        writer.participant("Owner", owners[upload.id] ?? owner)
                        writer.text("StorageClass", "STANDARD")
                        if let date = upload.createdAt { writer.text("Initiated", S3Date.iso8601(.init(s3: date))) }
                        if let algorithm = facts.algorithm {
                            writer.text("ChecksumAlgorithm", algorithm.rawValue)
                            writer.text("ChecksumType", facts.checksumType.rawValue)
                        }
                    }
                }
                for prefix in page.prefixes {
                    writer.element("CommonPrefixes") { $0.text("Prefix", name(prefix)) }
                }
            })
    }

    /// Whether the names in the answer are percent-encoded.
    private static func encodesNames(_ query: QueryItems) throws(S3Error) -> Bool {
        guard let type = query["encoding-type"] else { return false }
        guard type == "url" else {
            throw S3Error(.invalidArgument, "Invalid Encoding Method specified in Request")
        }
        return true
    }
}

extension S3Call {
    /// An account that took part, by its id; the bucket's owner when none is known.
    func participant(_ id: String?) async throws -> AccessOwner {
        guard let id else { return AccessOwner(owner) }
        return try await gateway.records.accounts.account(id).map(AccessOwner.init) ?? AccessOwner(id: id)
    }
}

extension XMLWriter {
    /// Who owns or began something.
    mutating func participant(_ element: String, _ participant: AccessOwner) {
        self.element(element) { writer in
            writer.text("ID", participant.id)
            writer.text("DisplayName", participant.displayName ?? participant.id)
        }
    }
}

extension UploadFacts {
    /// Whose the object will be.
    func owner(in call: S3Call) throws(S3Error) -> AccessOwner {
        guard let list = object.accessControl else { return AccessOwner(call.owner) }
        return try AccessControlPolicy(xml: Array(list.utf8)).owner
    }
}
