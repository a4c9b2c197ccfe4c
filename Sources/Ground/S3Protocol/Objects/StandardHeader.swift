package import HTTPTypes

/// The headers of HTTP and S3 that an object keeps and answers as they came.
package enum StandardHeader: String, CaseIterable, Hashable, Sendable {
    case contentType = "content-type"
    case cacheControl = "cache-control"
    case contentDisposition = "content-disposition"
    case contentEncoding = "content-encoding"
    case contentLanguage = "content-language"
    case expires = "expires"
    case websiteRedirect = "x-amz-website-redirect-location"

    /// The header's name.
    package var name: HTTPField.Name {
        switch self {
        case .contentType: .contentType
        case .cacheControl: .cacheControl
        case .contentDisposition: .contentDisposition
        case .contentEncoding: .contentEncoding
        case .contentLanguage: .contentLanguage
        case .expires: .expires
        case .websiteRedirect: AmazonHeader.name(rawValue)
        }
    }

    /// The item of a read's query that answers another value; nil for what no reader may choose.
    package var override: String? { self == .websiteRedirect ? nil : "response-\(rawValue)" }

    /// What of a header's value is the object's: without the coding that only carries chunks over the wire.
    func stored(_ value: String) -> String? {
        guard self == .contentEncoding, value.lowercased().contains("aws-chunked") else { return value }
        let rest = value.split(separator: ",").map { $0.trimmingSpaces }.filter { $0.lowercased() != "aws-chunked" }
        return rest.isEmpty ? nil : rest.joined(separator: ", ")
    }
}

extension Substring {
    /// Without blanks at either end.
    fileprivate var trimmingSpaces: String {
        let head = drop { $0 == " " || $0 == "\t" }
        return String(head[..<(head.lastIndex { $0 != " " && $0 != "\t" }.map(head.index(after:)) ?? head.startIndex)])
    }
}
