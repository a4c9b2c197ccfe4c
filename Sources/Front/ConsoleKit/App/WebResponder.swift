import HTTPDoor
import HTTPTypes
import Hummingbird
import Logging
import StorageModel
import Synchronization

/// Answers requests: what is the same for all pages happens here, in this order.
///
/// Host → asset → cookies and session → form and its origin → the page → refusals as pages → headers.
struct WebResponder: HTTPResponder {
    /// Bytes of a request's path and query.
    static let longestTarget = 16 << 10

    let parts: WebParts
    let hosts: HostCheck
    let pages: RouterResponder<WebContext>
    let refusal: @Sendable (any Error) -> WebError?
    let slots: WebSlots

    func respond(to request: Request, context: WebContext) async throws -> Response {
        var context = prepared(context, request)
        var response: Response
        do {
            response = try await answer(request, &context)
        } catch {
            response = refused(error, request, context)
        }
        finish(&response, context)
        parts.logger.debug(
            "a web request", metadata: [
                "request_id": "\(context.requestID)", "method": "\(request.method)",
                "route": "\(context.endpointPath ?? "-")", "status": "\(response.status.code)",
            ])
        return response
    }

    private func prepared(_ context: WebContext, _ request: Request) -> WebContext {
        var context = context
        context.parts = parts
        context.requestID = Hexadecimal.encode(parts.random.bytes(count: 8))
        context.now = parts.clock.now()
        context.path = request.uri.path
        context.acceptsGzip = request.headers[.acceptEncoding]?.contains("gzip") == true
        let accept = request.headers[.accept] ?? ""
        context.wantsJSON =
            context.path.hasPrefix("/api/") || (accept.contains("application/json") && !accept.contains("text/html"))
        if parts.settings.isBehindProxy, let last = request.headers[.forwardedFor]?.split(separator: ",").last {
            context.remoteAddress = String(last.filter { $0 != " " }.prefix(64))
        }
        return context
    }

    private func answer(_ request: Request, _ context: inout WebContext) async throws -> Response {
        guard let slot = slots.take() else { throw WebError.busy }
        defer { withExtendedLifetime(slot) {} }
        guard request.uri.description.utf8.count <= Self.longestTarget else {
            throw WebError(.uriTooLong, "This address is too long.")
        }
        guard hosts.allows(request.head.authority) else {
            throw WebError(.misdirectedRequest, "This site is not known under that name.")
        }
        if request.method == .get || request.method == .head,
            let asset = parts.assets.response(path: context.path, acceptsGzip: context.acceptsGzip)
        {
            return asset
        }
        let endedSession = try await identify(request, &context)
        let request = try await checked(request, &context)
        var response = try await pages.respond(to: request, context: context)
        if endedSession { response = response.signingOutUnlessSet(context) }
        return response
    }

    /// Finds out who asks. True when the browser holds a session that has ended.
    private func identify(_ request: Request, _ context: inout WebContext) async throws -> Bool {
        let bearer = "Bearer "
        if let header = request.headers[.authorization], header.hasPrefix(bearer) {
            context.session = try await parts.sessions.session(
                bearer: String(header.dropFirst(bearer.count)), context: context)
            return false
        }
        let cookies = WebCookies.parse(request.headers)
        context.flash = cookies[parts.cookies.flash].flatMap { Flash(cookie: $0) }
        context.theme = cookies["storj-theme"].map(String.init).flatMap { ["light", "dark"].contains($0) ? $0 : nil } ?? ""
        context.visitor = cookies[parts.cookies.visitor].map(String.init) ?? ""
        if SessionToken(text: context.visitor) == nil {
            context.visitor = SessionToken(random: parts.random).text
            context.isNewVisitor = true
        }
        var hasEnded = false
        if let text = cookies[parts.cookies.session], !text.isEmpty {
            context.token = SessionToken(text: text)
            if let token = context.token {
                context.session = try await parts.sessions.session(token: token, context: context)
            }
            hasEnded = context.session == nil
            if hasEnded { context.token = nil }
        }
        context.csrf = parts.forgery.token(visitor: context.visitor, session: context.token, random: parts.random)
        return hasEnded
    }

    /// Reads a posted form, and lets nothing through that another site could have sent.
    private func checked(_ request: Request, _ context: inout WebContext) async throws -> Request {
        guard ![.get, .head, .options].contains(request.method) else { return request }
        var request = request
        let isForm = request.headers[.contentType]?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true
        if isForm {
            context.form = try await Form.read(&request, limits: parts.settings)
        }
        // A program that brings its own token is led by no browser.
        if request.headers[.authorization]?.hasPrefix("Bearer ") == true { return request }
        let given = request.headers[.csrfToken] ?? context.form["csrf"] ?? ""
        guard !ForgeryGuard.isForeign(request), !context.isNewVisitor,
            parts.forgery.isValid(given, visitor: context.visitor, session: context.token)
        else {
            parts.logger.notice(
                "a form was refused: its token is not this session's",
                metadata: ["request_id": "\(context.requestID)", "address": "\(context.remoteAddress)"])
            throw WebError.forged
        }
        return request
    }

    /// The one place where errors become answers.
    private func refused(_ error: any Error, _ request: Request, _ context: WebContext) -> Response {
        let slow = error is SlowClient ? WebError(.requestTimeout, "The form took too long to arrive.") : nil
        let known = slow ?? error as? WebError ?? (error as? any HTTPResponseError).map { WebError(status: $0.status) }
        let answer = known ?? refusal(error) ?? WebError(status: .internalServerError)
        let facts: Logger.Metadata = [
            "request_id": "\(context.requestID)", "status": "\(answer.status.code)",
            "route": "\(context.endpointPath ?? "-")", "address": "\(context.remoteAddress)",
        ]
        if answer.status.code >= 500, answer != .busy {
            parts.logger.error("a web request failed", metadata: facts.merging(["error": "\(error)"]) { $1 })
        } else if ![404, 405].contains(answer.status.code) {
            parts.logger.info("a web request was refused", metadata: facts)
        }
        do {
            if context.wantsJSON {
                return try context.json(["error": answer.message, "request": context.requestID], status: answer.status)
            }
            let page = ErrorPage(
                code: "\(answer.status.code)", message: answer.message, requestID: context.requestID,
                isOurs: answer.status.code >= 500)
            return try context.page(
                "kit-error", title: answer.message, shell: .plain(brand: parts.brand), model: page, status: answer.status)
        } catch {
            // The page for errors is the kit's own and was compiled at start; without it the status must do.
            return Response(status: answer.status)
        }
    }

    private func finish(_ response: inout Response, _ context: WebContext) {
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.contentSecurityPolicy] = response.headers[.contentSecurityPolicy] ?? parts.policy
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.crossOriginOpener] = "same-origin"
        response.headers[.crossOriginResource] = "same-origin"
        response.headers[.permissionsPolicy] = "camera=(), microphone=(), geolocation=(), payment=()"
        response.headers[.requestID] = context.requestID
        if parts.settings.isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        if context.isNewVisitor, response.headers[.contentType]?.hasPrefix("text/html") == true {
            response.setLine(parts.cookies.line(parts.cookies.visitor, context.visitor, seconds: 31_536_000))
        }
    }
}

/// The model of the page that says why there is none.
struct ErrorPage: Sendable {
    let code: String
    let message: String
    let requestID: String
    let isOurs: Bool
}

extension Response {
    /// Takes an ended session's cookie away, unless the page itself has just set one.
    fileprivate func signingOutUnlessSet(_ context: WebContext) -> Response {
        let name = context.parts.cookies.session
        guard !headers[values: .setCookie].contains(where: { $0.hasPrefix("\(name)=") }) else { return self }
        return signingOut(context)
    }
}

extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    static let crossOriginOpener = HTTPField.Name("Cross-Origin-Opener-Policy")!
    static let crossOriginResource = HTTPField.Name("Cross-Origin-Resource-Policy")!
    static let permissionsPolicy = HTTPField.Name("Permissions-Policy")!
    static let requestID = HTTPField.Name("X-Request-Id")!
}
