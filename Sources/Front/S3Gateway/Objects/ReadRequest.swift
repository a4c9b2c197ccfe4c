import HTTPTypes
import S3Protocol
import Uplink

/// What a reader asks of an object, and what he is told of it.
struct ReadRequest: Sendable {
    let bucket: String
    let key: String
    let version: VersionName?
    let range: RangeRequest?
    let part: Int?
    let conditions: ReadConditions
    let customerKey: CustomerKey?
    let wantsChecksum: Bool
    private let query: QueryItems

    /// - Throws: `S3Error` for what the request gets wrong.
    init(_ call: S3Call) throws(S3Error) {
        let request = call.request
        bucket = try call.bucket
        key = try call.key
        version = try VersionName.parse(request.query["versionId"])
        part = if let text = request.query["partNumber"] { try PartNumber.parse(text) } else { nil }
        range = RangeRequest.parse(request.headers)
        guard part == nil || range == nil else {
            throw S3Error(.invalidRequest, "Cannot specify both Range header and partNumber query parameter")
        }
        conditions = ReadConditions(request.headers)
        customerKey = try RequestedEncryption.parseRead(request.headers)
        wantsChecksum = request.headers[.checksumMode]?.uppercased() == "ENABLED"
        query = request.query
        guard call.caller.account != nil || !query.items.contains(where: { $0.name.hasPrefix("response-") }) else {
            throw S3Error(
                .invalidRequest, "Request specific response headers cannot be used for anonymous GET requests.")
        }
    }

    /// The range to ask the satellite for.
    var downloadRange: DownloadRange {
        switch range {
        case nil: .all
        case .from(let first): .from(first)
        case .between(let first, let last): .bytes(first..<(last == .max ? last : last + 1))
        case .last(let count): .last(count)
        }
    }

    /// The answer that conditions call for instead of the object; nil to go on.
    ///
    /// - Throws: `PreconditionFailed`.
    func unmodified(_ found: FoundObject) throws(S3Error) -> S3Response? {
        switch conditions.evaluate(tag: found.tag, modified: found.modified) {
        case .proceed: return nil
        case .notModified: return S3Response(status: .notModified, headers: found.identityHeaders)
        case .failed(let name):
            throw S3Error(.preconditionFailed, details: [.init("Condition", name)], headers: found.identityHeaders)
        }
    }

    /// The cipher of the object's content; nil when it has none beside our own.
    ///
    /// - Throws: `InvalidRequest` for a key that is missing, wrong or not needed.
    func cipher(_ found: FoundObject) throws(S3Error) -> ContentCipher? {
        guard let sealed = found.facts.customerKey else {
            try SealedCustomerKey.refuse(customerKey)
            return nil
        }
        return try sealed.open(customerKey)
    }

    /// The answer's head.
    ///
    /// - Parameters:
    ///   - bytes: those that come, of a part or range; nil for the whole object.
    ///   - place: of the part, where one is asked for.
    func response(_ found: FoundObject, bytes: Range<Int64>?, part place: PartPlaces.FoundPart? = nil) -> S3Response {
        var headers = HTTPFields()
        found.facts.add(to: &headers) { query[$0] }
        for field in found.identityHeaders { headers[field.name] = field.value }
        for field in found.lockHeaders { headers[field.name] = field.value }
        if version == .null { headers[.versionID] = "null" }
        if let customerKey {
            for field in customerKey.responseHeaders { headers[field.name] = field.value }
        }
        if wantsChecksum, bytes == nil { found.facts.addChecksum(to: &headers) }
        if wantsChecksum, let checksum = place?.checksum, let whole = found.facts.checksum {
            headers[checksum.algorithm.headerName] = checksum.text
            headers[AmazonHeader.checksumType] = whole.type.rawValue
        }
        if part != nil, let count = found.facts.partCount { headers[.partsCount] = "\(count)" }
        guard let bytes else { return S3Response(headers: headers) }
        headers[.contentRange] = RangeRequest.contentRange(bytes, size: found.object.size)
        return S3Response(status: .partialContent, headers: headers)
    }
}
