import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Uplink

/// Answers requests for shared links.
struct LinkResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let settings: LinkSharingSettings
    let access: LinkAccess
    let projects: OpenProjects
    let slots: RequestSlots
    let logger: Logger

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        var response: Response
        do {
            guard let slot = slots.take() else { throw LinkSharingError.busy }
            response = try await answer(request).holding(slot)
        } catch {
            response = failure(error, request)
        }
        for field in Self.safety where response.headers[field.name] == nil { response.headers[field.name] = field.value }
        if response.headers[.contentSecurityPolicy] == nil, response.mayRun {
            response.headers[.contentSecurityPolicy] = Self.sandbox
        }
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// A link is a secret: nobody learns it from whom a page refers to, and no search engine keeps it.
    private static let safety: HTTPFields = [
        .referrerPolicy: "no-referrer", .xContentTypeOptions: "nosniff", .robots: "noindex, nofollow",
        .accessControlAllowOrigin: "*",
    ]

    /// What scripts of other sites may do.
    private static let allowed = Response(
        status: .noContent,
        headers: [
            .allow: "GET, HEAD, OPTIONS", .accessControlAllowMethods: "GET, HEAD",
            .accessControlAllowHeaders: "Range, If-Match, If-None-Match, If-Modified-Since",
        ])

    /// Pages of others run in an origin of their own.
    private static let sandbox = "sandbox allow-scripts allow-forms allow-popups allow-downloads allow-modals"

    private func answer(_ request: Request) async throws -> Response {
        guard request.head.path?.utf8.count ?? 0 <= settings.maximumTargetLength else {
            throw LinkSharingError(.uriTooLong, "This link is too long.")
        }
        switch request.method {
        case .get, .head: break
        case .options: return Self.allowed
        default: throw LinkSharingError(.methodNotAllowed, "Links can only be read.")
        }
        switch request.uri.path {
        case "/": return .page(WelcomePage().html)
        case "/health": return .text("ok\n")
        case "/robots.txt": return .text("User-agent: *\nDisallow: /\n")
        default: break
        }
        guard let link = SharedLink(path: request.uri.path) else { throw LinkSharingError.malformed }
        let access = try await access.access(link.access)
        let opened = OpenedLink(project: try await projects.project(for: access), access: access)
        return try await answer(request, link, opened)
    }

    private func answer(_ request: Request, _ link: SharedLink, _ opened: OpenedLink) async throws -> Response {
        let query = request.uri.queryParameters
        if link.isPrefix {
            return try await PrefixAnswer(
                opened: opened, link: link, request: request, pageSize: settings.listingPageSize).response()
        }
        if query["map"] != nil { return try await MapAnswer(opened: opened, link: link).response() }
        do {
            let isDownload = query["download"] != nil
            if link.form == .page, !isDownload, query["wrap"] != "0", request.isFromBrowser {
                let object = LinkedObject(try await opened.project.object(bucket: link.bucket, key: link.key))
                return .page(ObjectPage(link: link, reach: LinkReach(opened.access), object: object).html)
            }
            return try await ObjectAnswer(opened: opened, link: link, request: request, isDownload: isDownload).response()
        } catch let error as UplinkError where error.code == .objectNotFound {
            // Who leaves the slash behind a prefix off is led there.
            let prefix = link.with(key: link.key + "/")
            guard try await isThere(prefix, opened) else { throw error }
            return Response(status: .temporaryRedirect, headers: [.location: prefix.path])
        }
    }

    private func isThere(_ prefix: SharedLink, _ opened: OpenedLink) async throws -> Bool {
        var options = ListOptions(prefix: prefix.key)
        options.pageSize = 1
        do {
            for try await _ in opened.project.objects(bucket: prefix.bucket, options: options) { return true }
            return false
        } catch let error as UplinkError where error.code == .permissionDenied {
            return false
        }
    }

    /// What the browser is told of a failure; what an operator should know is logged, never with the link.
    private func failure(_ error: any Error, _ request: Request) -> Response {
        let known: LinkSharingError? =
            switch error {
            case let error as LinkSharingError: error
            case let error as UplinkError: LinkSharingError(error)
            case is OpenProjects.Busy: .busy
            default: nil
            }
        if known == nil { logger.error("a shared link failed", metadata: ["error": "\(Self.kind(error))"]) }
        let answer = known ?? LinkSharingError(.internalServerError, "Something went wrong here.")
        var response = request.isFromBrowser ? Response.page(ErrorPage(answer).html) : .text("\(answer.message)\n")
        response.status = answer.status
        response.headers[.cacheControl] = "no-store"
        if answer.status == .serviceUnavailable { response.headers[.retryAfter] = "5" }
        return response
    }

    /// An error without what it says of buckets and keys.
    private static func kind(_ error: any Error) -> String {
        (error as? UplinkError).map { "uplink: \($0.code)" } ?? "\(type(of: error))"
    }
}

extension Request {
    /// Whether a person looks at the answer: programs take things as they are.
    var isFromBrowser: Bool { headers[.accept]?.contains("text/html") ?? false }
}
