import Accounts
import ConsoleKit
import Hummingbird
import StorageModel

/// What links in mails lead to: a confirmed address, a new password.
///
/// A link changes nothing before a button is pressed: programs that look into mail follow links too.
struct MailProofPages: Sendable {
    let desk: ConsoleDesk
    private let wishes = RateLimiter(capacity: 5, refill: .seconds(120))
    private let guesses = RateLimiter(capacity: 20, refill: .seconds(15))

    init(desk: ConsoleDesk) { self.desk = desk }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("forgot") { _, context in try forgotPage(context) }
        router.post("forgot") { _, context in try await forgot(context) }
        router.get("reset/:secret") { _, context in try await resetPage(context) }
        router.post("reset/:secret") { _, context in try await reset(context) }
        router.get("confirm/:secret") { _, context in try await confirmPage(context) }
        router.post("confirm/:secret") { _, context in try await confirm(context) }
    }

    // MARK: A forgotten password

    private func forgotPage(_ context: WebContext, form: Form = Form(), status: HTTPResponse.Status = .ok) throws -> Response {
        guard desk.sendsMail else { throw WebError.notFound }
        return try show(
            context, "A new password", lede: "We mail you a link; it holds for an hour.", action: "/forgot", button: "Mail me a link",
            form: form, fields: [Field(.email, "email", "E-mail", form: form, autocomplete: "username")], status: status)
    }

    private func forgot(_ context: WebContext) async throws -> Response {
        guard desk.sendsMail else { throw WebError.notFound }
        guard wishes.take(context.remoteAddress, at: context.now) else { throw WebError.tooOften }
        var form = context.form
        let email = form.text("email", "E-mail", 3...254)
        guard form.isValid else { return try forgotPage(context, form: form, status: .unprocessableContent) }
        let accounts = desk.parts.accounts
        if let user = try await accounts.user(email: Accounts.normalized(email)), !user.isDisabled {
            try await accounts.note("password.forgotten", subject: user.email, by: nil, email: user.email, from: context.remoteAddress)
            try await desk.mail(.password, to: user)
        }
        // The same for an address without an account: a page that told them apart would tell whose accounts there are.
        return context.redirect(
            to: "/sign-in", flash: .done("If there is an account with this address, a link is on its way to it."))
    }

    private func resetPage(_ context: WebContext, form: Form = Form(), status: HTTPResponse.Status = .ok) async throws -> Response {
        let (secret, user) = try await holder(context, .password)
        return try show(
            context, "A new password", lede: user.email, action: "/reset/\(secret)", button: "Set the password", form: form,
            fields: [
                Field(.password, "password", "New password", form: form, hint: "At least 10 characters. It signs you in; it does not encrypt anything.", autocomplete: "new-password")
            ], status: status)
    }

    private func reset(_ context: WebContext) async throws -> Response {
        let (secret, _) = try await holder(context, .password)
        var form = context.form
        let password = form.secret("password", "New password", 10...512)
        guard form.isValid else { return try await resetPage(context, form: form, status: .unprocessableContent) }
        let letters = desk.letters
        let user = try await desk.parts.accounts.resetPassword(secret, to: password) { letters.passwordChanged(of: $0) }
        desk.mailIsWaiting()
        try await desk.parts.accounts.note("password.reset", subject: user.email, by: user, from: context.remoteAddress)
        return context.redirect(to: "/sign-in", flash: .done("The password is changed; sign in with it. All sessions have ended."))
            .signingOut(context)
    }

    // MARK: An address

    private func confirmPage(_ context: WebContext) async throws -> Response {
        let (secret, user) = try await holder(context, .address)
        return try show(
            context, "Confirm your address", lede: user.email, action: "/confirm/\(secret)", button: "It is mine", form: Form(),
            fields: [])
    }

    private func confirm(_ context: WebContext) async throws -> Response {
        let (secret, _) = try await holder(context, .address)
        let user = try await desk.parts.accounts.confirmAddress(secret)
        try await desk.parts.accounts.note("address.confirm", subject: user.email, by: user, from: context.remoteAddress)
        return context.redirect(
            to: context.visitor == nil ? "/sign-in" : "/projects", flash: .done("The address \(user.email) is confirmed."))
    }

    private func holder(_ context: WebContext, _ proof: MailProof) async throws -> (secret: String, user: User) {
        guard guesses.take(context.remoteAddress, at: context.now) else { throw WebError.tooOften }
        let secret = context.parameters.get("secret") ?? ""
        guard let user = try await desk.parts.accounts.holder(of: secret, proof) else {
            throw WebError(.notFound, "This link is over, or was used already. Ask for another one.")
        }
        return (secret, user)
    }

    private func show(
        _ context: WebContext, _ title: String, lede: String, action: String, button: String, form: Form, fields: [Field],
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        try context.page(
            "console-form", title: title, shell: .plain(brand: desk.settings.brand),
            model: FormPage(
                head: PageHead(title, lede: lede), action: action, button: button, errors: form.errors, fields: fields,
                notes: [Link("Sign in", "/sign-in")]), status: status)
    }
}
