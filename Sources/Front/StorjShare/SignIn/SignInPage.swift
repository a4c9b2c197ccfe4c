import ConsoleKit
import HTTPTypes
import Hummingbird

/// The page that asks for the token.
struct SignInPage {
    struct Model: Sendable {
        let fields: [Field]
        let errors: [FormError]
        let name: String
    }

    let sessions: TokenSessions
    let name: String

    func add(to router: Router<WebContext>) {
        router.get("sign-in") { [self] _, context in try page(context, Form(), .ok) }
        router.post("sign-in") { [self] _, context in
            var form = context.form
            let given = form.secret("token", "Token", 1...512)
            guard form.isValid, let session = try sessions.signIn(given, context) else {
                form.refuse("token", "This is not the token. It is app.token in the node's settings.json.")
                return try page(context, form, .unauthorized)
            }
            return context.redirect(to: "/").signingIn(session, lasting: sessions.validity, context)
        }
        router.post("sign-out") { [sessions] _, context in
            sessions.signOut()
            return context.redirect(to: "/sign-in", flash: .done("You are signed out everywhere.")).signingOut(context)
        }
    }

    private func page(_ context: WebContext, _ form: Form, _ status: HTTPResponse.Status) throws -> Response {
        try context.page(
            "share-sign-in", title: "Sign in", shell: .plain(brand: name),
            model: Model(
                fields: [
                    Field(
                        .password, "token", "Token", form: form, hint: "app.token in the node's settings.json",
                        autocomplete: "current-password")
                ], errors: form.errors, name: name), status: status)
    }
}

/// Lets through whoever is signed in; leads others to the sign-in, or says to programs that a token is missing.
struct SignInGuard: RouterMiddleware {
    let isNeeded: Bool

    func handle(
        _ request: Request, context: WebContext, next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        guard isNeeded, !(context.session is TokenSession) else { return try await next(request, context) }
        guard request.method == .get, !context.path.hasPrefix("/api/") else {
            throw WebError(.unauthorized, "Sign in first, or send the token as a bearer token.")
        }
        return context.redirect(to: "/sign-in")
    }
}
