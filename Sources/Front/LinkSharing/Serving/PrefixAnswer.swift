import HTTPTypes
import Hummingbird
import NIOCore
import Uplink

/// Answers with what lies under a prefix: the owner's own page when there is one, else a listing.
struct PrefixAnswer {
    /// The page that an owner puts where he wants no listing.
    static let indexName = "index.html"

    let opened: OpenedLink
    let link: SharedLink
    let request: Request
    let pageSize: Int

    /// - Throws: `UplinkError`, `LinkSharingError`.
    func response() async throws -> Response {
        guard !link.bucket.isEmpty else { return try await buckets() }
        let wantsListing = request.uri.queryParameters["list"] != nil
        if !wantsListing, try await hasIndex() {
            let index = link.with(.raw, key: link.key + Self.indexName)
            if link.form == .raw {
                return try await ObjectAnswer(opened: opened, link: index, request: request, isDownload: false).response()
            }
            // The page's own relative links lead to things as they are.
            return Response(status: .seeOther, headers: [.location: link.with(.raw, key: link.key).path])
        }
        return try await listing()
    }

    private func hasIndex() async throws -> Bool {
        do {
            _ = try await opened.project.object(bucket: link.bucket, key: link.key + Self.indexName)
            return true
        } catch let error as UplinkError where [.objectNotFound, .permissionDenied].contains(error.code) {
            return false
        }
    }

    private func listing() async throws -> Response {
        var options = ListOptions(prefix: link.key)
        options.pageSize = pageSize
        options.after = try request.uri.queryParameters["after"].map { try after(String($0)) } ?? ""
        var pages = opened.project.objects(bucket: link.bucket, options: options).pages.makeAsyncIterator()
        let page = try await pages.next() ?? ListPage(items: [])
        if page.items.isEmpty, !link.key.isEmpty, options.after.isEmpty { throw LinkSharingError.noSuchLink }
        return .page(
            ListingPage(
                link: link, reach: LinkReach(opened.access), items: page.items, hasMore: page.cursor != nil
            ).html)
    }

    private func after(_ text: String) throws -> String {
        guard text.hasPrefix(link.key) else { throw LinkSharingError.malformed }
        return text
    }

    private func buckets() async throws -> Response {
        var names: [String] = []
        for try await bucket in opened.project.buckets() {
            names.append(bucket.name)
            if names.count == pageSize { break }
        }
        return .page(BucketsPage(link: link, names: names).html)
    }
}
