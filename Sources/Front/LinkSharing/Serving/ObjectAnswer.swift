import HTTPTypes
import Hummingbird
import NIOCore
import S3Protocol
import StorageModel
import Uplink

/// Answers with the content of an object, or the part of it that was asked for.
struct ObjectAnswer {
    let opened: OpenedLink
    let link: SharedLink
    let request: Request
    let isDownload: Bool

    /// - Throws: `UplinkError`, `LinkSharingError`.
    func response() async throws -> Response {
        let conditions = ReadConditions(request.headers)
        if request.method == .head || !conditions.isEmpty {
            let object = LinkedObject(try await opened.project.object(bucket: link.bucket, key: link.key))
            if let early = try early(object, conditions) { return early }
        }
        let range = RangeRequest.parse(request.headers)
        let download = try await opened.project.download(
            bucket: link.bucket, key: link.key, options: DownloadOptions(range: range?.wanted ?? .all))
        let object = LinkedObject(download.object)
        try Self.check(object)
        return try answer(download, object, range)
    }

    /// The answer without content: nothing has changed, a condition fails, or only the headers are wanted.
    private func early(_ object: LinkedObject, _ conditions: ReadConditions) throws -> Response? {
        try Self.check(object)
        var headers = object.headers(isDownload: isDownload)
        switch conditions.evaluate(tag: object.tag, modified: object.modified) {
        case .notModified:
            headers[.contentType] = nil
            return Response(status: .notModified, headers: headers)
        case .failed: throw LinkSharingError(.preconditionFailed, "The content is not the one that was expected.")
        case .proceed: break
        }
        guard request.method == .head else { return nil }
        headers[.contentLength] = "\(object.object.size)"
        return Response(status: .ok, headers: headers)
    }

    private static func check(_ object: LinkedObject) throws {
        guard !object.isUnderCustomerKey else {
            throw LinkSharingError(.forbidden, "This content is under a key that only its owner has.")
        }
    }

    private func answer(_ download: Download, _ object: LinkedObject, _ range: RangeRequest?) throws -> Response {
        var headers = object.headers(isDownload: isDownload)
        var bytes = 0..<object.object.size
        if let range {
            do { bytes = try range.resolve(size: object.object.size) } catch {
                throw LinkSharingError(.rangeNotSatisfiable, "The content has \(object.object.size) bytes.")
            }
            headers[.contentRange] = RangeRequest.contentRange(bytes, size: object.object.size)
        }
        let opened = opened
        let body = ResponseBody(contentLength: bytes.count) { writer in
            // Whoever holds the project keeps it open, here until the last byte is on its way.
            defer { withExtendedLifetime(opened) {} }
            for try await buffer in download { try await writer.write(buffer) }
            try await writer.finish(nil)
        }
        return Response(status: range == nil ? .ok : .partialContent, headers: headers, body: body)
    }
}

extension RangeRequest {
    /// The same for the library, which cuts it to what the object has.
    var wanted: DownloadRange {
        switch self {
        case .from(let first): .from(first)
        case .between(let first, let last): .bytes(first..<(last == .max ? last : last + 1))
        case .last(let count): .last(count)
        }
    }
}
