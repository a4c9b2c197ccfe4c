import Crypto
import Foundation
import HTTPTypes
import S3Protocol
import StorageModel
import Uplink

/// What a browser is told of an object: the headers its uploader gave it, by the names under which S3 gateways and
/// this network's tools keep them.
struct LinkedObject: Sendable {
    let object: Object
    private let metadata: [String: String]

    init(_ object: Object) {
        self.object = object
        metadata = Dictionary(
            object.metadata.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// The last part of the key.
    var name: String { object.key.split(separator: "/").last.map(String.init) ?? object.key }

    /// Whether its content is under a key that only its owner's requests bring: it cannot be shared by a link.
    var isUnderCustomerKey: Bool { metadata["s3:sse-c"] != nil }

    /// What was given when it was stored, else what its name says.
    var contentType: String {
        let stored = value("content-type")
        return stored == nil || stored == "binary/octet-stream" ? ContentTypes.type(ofKey: object.key) : stored ?? ""
    }

    /// When the content was last written; the epoch when nobody knows.
    var modified: Timestamp {
        let seconds = object.createdAt?.timeIntervalSince1970 ?? 0
        return Timestamp(microseconds: Int64(seconds * 1_000_000))
    }

    /// The stored tag, else one of all that changes with the content.
    var tag: EntityTag {
        if let stored = metadata["s3:etag"], !stored.isEmpty, HTTPField.isValidValue(stored) {
            return EntityTag(text: stored)
        }
        let facts = "\(object.version?.description ?? "") \(object.size) \(modified.microseconds)"
        return EntityTag(text: Hexadecimal.encode(SHA256.hash(data: Data(facts.utf8)).prefix(16)))
    }

    /// The headers of its content but for length and range.
    ///
    /// - Parameter isDownload: whether the browser shall save it instead of showing it.
    func headers(isDownload: Bool) -> HTTPFields {
        var headers: HTTPFields = [
            .contentType: contentType, .eTag: tag.quoted, .lastModified: S3Date.http(modified), .acceptRanges: "bytes",
            .cacheControl: value("cache-control") ?? "no-cache", .contentDisposition: disposition(isDownload),
        ]
        headers[.contentLanguage] = value("content-language")
        headers[.contentEncoding] = value("content-encoding")
        headers[.expires] = value("expires")
        return headers
    }

    private func disposition(_ isDownload: Bool) -> String {
        if !isDownload, let stored = value("content-disposition") { return stored }
        return "\(isDownload ? "attachment" : "inline"); filename*=UTF-8''\(LinkText.encode(name))"
    }

    /// A stored header; nil for what no header can be: metadata of other programs may hold anything.
    private func value(_ name: String) -> String? {
        metadata[name].flatMap { HTTPField.isValidValue($0) && (1...1024).contains($0.utf8.count) ? $0 : nil }
    }
}
