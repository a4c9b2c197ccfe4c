import S3Protocol
import Uplink

/// Which uploads of a bucket are asked for, and the page of them.
struct UploadListing {
    let prefix: String
    let delimiter: String?
    let keyMarker: String
    let idMarker: String
    let limit: Int

    /// Uploads that are looked at for one page. The satellite keeps them by their encrypted keys, so all that begin
    /// with a folder are read to sort them.
    private static let maximumRead = 100_000

    /// - Throws: `InvalidArgument`.
    init(_ query: QueryItems) throws(S3Error) {
        prefix = query["prefix"] ?? ""
        delimiter = query["delimiter"].flatMap { $0.isEmpty ? nil : $0 }
        keyMarker = query["key-marker"] ?? ""
        idMarker = keyMarker.isEmpty ? "" : query["upload-id-marker"] ?? ""
        limit = try ListLimit.parse(query["max-uploads"], name: "max-uploads")
    }

    /// One page.
    struct Page {
        var uploads: [PendingUpload] = []
        var prefixes: [String] = []
        var isTruncated = false
        /// What the next page begins behind.
        var nextKeyMarker = ""
        var nextIDMarker = ""
    }

    /// Reads, sorts and cuts.
    ///
    /// - Throws: `UplinkError`; `SlowDown` for a bucket with more pending uploads than are read.
    func page(of bucket: String, in project: Project) async throws -> Page {
        var page = Page()
        guard limit > 0 else { return page }
        for upload in try await sorted(bucket, project) {
            let group = commonPrefix(of: upload.key)
            if let group, group == page.prefixes.last || group <= keyMarker { continue }
            guard page.uploads.count + page.prefixes.count < limit else {
                page.isTruncated = true
                break
            }
            if let group {
                page.prefixes.append(group)
                (page.nextKeyMarker, page.nextIDMarker) = (group, "")
            } else {
                page.uploads.append(upload)
                (page.nextKeyMarker, page.nextIDMarker) = (upload.key, upload.id)
            }
        }
        return page
    }

    private func commonPrefix(of key: String) -> String? {
        guard let delimiter, let end = key.dropFirst(prefix.count).firstRange(of: delimiter)?.upperBound else { return nil }
        return String(key[..<end])
    }

    private func sorted(_ bucket: String, _ project: Project) async throws -> [PendingUpload] {
        let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
        var options = PendingUploadOptions()
        options.prefix = folder
        options.includesCustomMetadata = true
        var uploads: [PendingUpload] = []
        for try await upload in project.pendingUploads(bucket: bucket, options: options) {
            guard upload.key.utf8.starts(with: prefix.utf8), isBehindMarker(upload) else { continue }
            guard uploads.count < Self.maximumRead else { throw S3Error(.slowDown) }
            uploads.append(upload)
        }
        return uploads.sorted { left, right in
            left.key == right.key ? Self.precedes(left, right) : left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
        }
    }

    private func isBehindMarker(_ upload: PendingUpload) -> Bool {
        guard !keyMarker.isEmpty else { return true }
        if upload.key == keyMarker { return !idMarker.isEmpty && upload.id > idMarker }
        return keyMarker.utf8.lexicographicallyPrecedes(upload.key.utf8)
    }

    private static func precedes(_ left: PendingUpload, _ right: PendingUpload) -> Bool { left.id < right.id }
}

/// Numbers that limit a listing.
enum ListLimit {
    /// The most items of one answer.
    static let maximum = 1000

    /// - Returns: in `0...1000`; 1000 without a number.
    /// - Throws: `InvalidArgument`.
    static func parse(_ text: String?, name: String) throws(S3Error) -> Int {
        min(try number(text, name: name) ?? maximum, maximum)
    }

    /// - Throws: `InvalidArgument` for what is no number or below zero.
    static func number(_ text: String?, name: String) throws(S3Error) -> Int? {
        guard let text, !text.isEmpty else { return nil }
        guard let number = Int32(text), number >= 0 else {
            throw S3Error(
                .invalidArgument, "Argument \(name) must be an integer between 0 and \(Int32.max)",
                details: [.init("ArgumentName", name), .init("ArgumentValue", text)])
        }
        return Int(number)
    }
}
