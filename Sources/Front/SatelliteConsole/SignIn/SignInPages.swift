import Accounts
import ConsoleKit
import Hummingbird
import StorageModel

/// Opening an account, signing in and out.
struct SignInPages: Sendable {
    let desk: ConsoleDesk
    /// Tries per address of the network; accounts lock themselves besides.
    private let attempts = RateLimiter(capacity: 20, refill: .seconds(15))
    /// Many people share an address; what keeps strangers' mailboxes quiet is that an account is opened once.
    private let openings = RateLimiter(capacity: 20, refill: .seconds(300))

    init(desk: ConsoleDesk) { self.desk = desk }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("sign-in") { request, context in
            guard context.visitor == nil else { return context.redirect(to: "/projects") }
            return try signInPage(context, next: request.uri.queryParameters["next"].map { String($0) } ?? "")
        }
        router.post("sign-in") { request, context in try await signIn(request, context) }
        router.get("sign-up") { request, context in
            try signUpPage(context, next: request.uri.queryParameters["next"].map { String($0) } ?? "")
        }
        router.post("sign-up") { request, context in try await signUp(request, context) }
        router.post("sign-out") { _, context in
            if let visitor = context.visitor {
                try await desk.parts.accounts.endSession(visitor.record.digest, of: visitor.user.id)
                try await desk.note("sign-out", visitor.user.email, context)
            }
            return context.redirect(to: "/sign-in", flash: .done("You are signed out.")).signingOut(context)
        }
    }

    // MARK: Sign-in

    private func signInPage(
        _ context: WebContext, form: Form = Form(), next: String, asksForCode: Bool = false,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        var fields = [
            Field(.email, "email", "E-mail", form: form, autocomplete: "username"),
            Field(.password, "password", "Password", form: form, autocomplete: "current-password"),
            Field(.hidden, "next", "", form: form, value: next),
        ]
        if asksForCode {
            fields.insert(
                Field(
                    .text, "code", "Code", form: form, hint: "Six digits of your phone, or a recovery code.",
                    autocomplete: "one-time-code"), at: 2)
        }
        return try context.page(
            "console-form", title: "Sign in", shell: .plain(brand: desk.settings.brand),
            model: FormPage(
                head: PageHead("Sign in"), action: "/sign-in", button: "Sign in", errors: form.errors, fields: fields,
                notes: (desk.settings.isSignUpOpen ? [Link("Open an account", "/sign-up")] : [])
                    + (desk.sendsMail ? [Link("I forgot my password", "/forgot")] : [])), status: status)
    }

    private func signIn(_ request: Request, _ context: WebContext) async throws -> Response {
        guard attempts.take(context.remoteAddress, at: context.now) else { throw WebError.tooOften }
        var form = context.form
        let email = form.text("email", "E-mail", 3...254)
        let password = form.secret("password", "Password", 1...512)
        let next = form["next"] ?? ""
        let code = form["code"].flatMap { $0.isEmpty ? nil : $0 }
        guard form.isValid else { return try signInPage(context, form: form, next: next, status: .unprocessableContent) }
        let accounts = desk.parts.accounts
        switch try await accounts.signIn(email: email, password: password, code: code) {
        case .signedIn(let user):
            try await accounts.note("sign-in", subject: user.email, by: user, from: context.remoteAddress)
            return try await begin(user, request, context).redirected(next, context)
        case .codeNeeded:
            if form["code"] != nil { form.refuse("code", "Code is missing.") }
            return try signInPage(context, form: form, next: next, asksForCode: true)
        case .refused:
            try await accounts.note("sign-in.refused", subject: email, by: nil, email: email, from: context.remoteAddress)
            return try refused(context, form: form, next: next)
        case .locked:
            try await accounts.note("sign-in.locked", subject: email, by: nil, email: email, from: context.remoteAddress)
            return try refused(context, form: form, next: next)
        }
    }

    /// The same for a wrong answer, a locked account and none at all: a page that told them apart would tell whose accounts
    /// there are.
    private func refused(_ context: WebContext, form: Form, next: String) throws -> Response {
        var form = form
        form.refuse(
            "email", "E-mail, password or code is wrong. After five wrong answers an account is locked for a while: then wait.")
        return try signInPage(context, form: form, next: next, asksForCode: form["code"] != nil, status: .unauthorized)
    }

    /// A session that has begun.
    private struct Begun {
        let token: SessionToken
        let lasting: Duration

        func redirected(_ next: String, _ context: WebContext) -> Response {
            context.redirect(to: next.isEmpty ? "/projects" : next).signingIn(token, lasting: lasting, context)
        }
    }

    private func begin(_ user: User, _ request: Request, _ context: WebContext) async throws -> Begun {
        let token = SessionToken(random: desk.parts.random)
        guard let digest = Bytes32(token.digest) else { throw WebError.busy }
        // A browser that was somebody else's is not his any more.
        if let old = context.visitor { try await desk.parts.accounts.endSession(old.record.digest, of: old.user.id) }
        try await desk.parts.accounts.beginSession(
            digest, of: user.id, address: context.remoteAddress, agent: request.headers[.userAgent] ?? "")
        return Begun(token: token, lasting: .seconds(30 * 86_400))
    }

    // MARK: Sign-up

    private func signUpPage(
        _ context: WebContext, form: Form = Form(), next: String, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        guard desk.settings.isSignUpOpen else {
            throw WebError(.forbidden, "This satellite opens accounts by invitation of its operator only.")
        }
        return try context.page(
            "console-form", title: "Open an account", shell: .plain(brand: desk.settings.brand),
            model: FormPage(
                head: PageHead("Open an account", lede: "Your files are encrypted before they leave your machine. We never have the key."),
                action: "/sign-up", button: "Open account", errors: form.errors,
                fields: [
                    Field(.text, "name", "Name", form: form, autocomplete: "name"),
                    Field(.email, "email", "E-mail", form: form, autocomplete: "username"),
                    Field(
                        .password, "password", "Password", form: form, hint: "At least 10 characters. It signs you in; it does not encrypt anything.",
                        autocomplete: "new-password"),
                    Field(.hidden, "next", "", form: form, value: next),
                ], notes: [Link("I have an account", "/sign-in")]), status: status)
    }

    private func signUp(_ request: Request, _ context: WebContext) async throws -> Response {
        guard openings.take(context.remoteAddress, at: context.now) else { throw WebError.tooOften }
        var form = context.form
        let name = form.text("name", "Name", 1...100)
        let email = form.text("email", "E-mail", 3...254)
        let password = form.secret("password", "Password", 10...512)
        let next = form["next"] ?? ""
        if !email.isEmpty, !email.contains("@") { form.refuse("email", "E-mail needs an @.") }
        guard form.isValid, desk.settings.isSignUpOpen else {
            return try signUpPage(context, form: form, next: next, status: .unprocessableContent)
        }
        do {
            let user = try await desk.parts.accounts.signUp(email: email, name: name, password: password)
            try await desk.parts.accounts.note("sign-up", subject: user.email, by: user, from: context.remoteAddress)
            try await desk.mail(.address, to: user)
            return try await begin(user, request, context).redirected(next, context)
        } catch let error as AccountsError where error.code == .alreadyExists || error.code == .invalid {
            form.refuse("email", error.code == .invalid ? error.message : "There is an account with this address already.")
            return try signUpPage(context, form: form, next: next, status: .unprocessableContent)
        }
    }
}

/// A page that is one form.
struct FormPage: Sendable {
    let head: PageHead
    let action: String
    let button: String
    let errors: [FormError]
    let fields: [Field]
    let notes: [Link]
}
