import Accounts
import ConsoleKit
import Hummingbird
import StorageModel

/// What an account's holder changes about his sign-in: password, phone, sessions.
struct AccountPages: Sendable {
    let desk: ConsoleDesk

    func add(to router: some RouterMethods<WebContext>) {
        router.get("account") { _, context in try await page(context) }
        router.post("account/address") { _, context in try await mailLink(context) }
        router.post("account/password") { request, context in try await setPassword(context) }
        router.post("account/code") { _, context in try await beginCode(context) }
        router.post("account/code/confirm") { _, context in try await confirmCode(context) }
        router.post("account/code/end") { _, context in try await endCode(context) }
        router.post("account/sessions/:session/end") { _, context in try await endSession(context) }
    }

    private func page(_ context: WebContext, form: Form = Form(), status: HTTPResponse.Status = .ok) async throws -> Response {
        let visitor = try desk.visitor(context)
        let state = try await desk.parts.accounts.signInState(of: visitor.user.id)
        let sessions = try await desk.parts.accounts.sessions(of: visitor.user.id)
        let log = try await desk.parts.accounts.auditLog(actor: visitor.user.id, limit: 20)
        return try context.page(
            "console-account", title: "Account", shell: desk.shell(context),
            model: AccountPage(
                head: PageHead("Account", lede: visitor.user.email), errors: form.errors,
                isUnconfirmed: desk.sendsMail && !state.isAddressConfirmed, isConfirmed: state.isAddressConfirmed,
                passwordFields: [
                    Field(.password, "current", "Password now", form: form, autocomplete: "current-password"),
                    Field(.password, "password", "New password", form: form, hint: "At least 10 characters.", autocomplete: "new-password"),
                ],
                asksForCode: state.asksForCode, recoveryCodes: state.recoveryCodes,
                confirmation: [Field(.password, "current", "Password", autocomplete: "current-password")],
                sessions: sessions.map { SessionRow($0, isThis: $0.digest == visitor.record.digest, now: context.now) },
                log: log.map { LogRow($0) }), status: status, styles: ["console.css"])
    }

    private func mailLink(_ context: WebContext) async throws -> Response {
        let visitor = try desk.visitor(context)
        guard desk.sendsMail else { throw WebError.notFound }
        try await desk.mail(.address, to: visitor.user)
        try await desk.note("account.address-mail", visitor.user.email, context)
        return context.redirect(
            to: "/account", flash: .done("A link is on its way to \(visitor.user.email); there is one every two minutes at most."))
    }

    private func setPassword(_ context: WebContext) async throws -> Response {
        let visitor = try desk.visitor(context)
        var form = context.form
        let current = form.secret("current", "Password now", 1...512)
        let password = form.secret("password", "New password", 10...512)
        if form.isValid, try await !desk.parts.accounts.isPassword(current, of: visitor.user.id) {
            form.refuse("current", "This is not your password.")
        }
        guard form.isValid else { return try await page(context, form: form, status: .unprocessableContent) }
        try await desk.parts.accounts.setPassword(password, of: visitor.user.id)
        if desk.sendsMail {
            try await desk.parts.accounts.post(desk.letters.passwordChanged(of: visitor.user))
            desk.mailIsWaiting()
        }
        try await desk.note("account.password", visitor.user.email, context)
        return context.redirect(to: "/sign-in", flash: .done("The password is changed; sign in with it. All sessions have ended."))
            .signingOut(context)
    }

    private func beginCode(_ context: WebContext) async throws -> Response {
        let visitor = try desk.visitor(context)
        let code = try await desk.parts.accounts.beginCode(of: visitor.user.id)
        return try codePage(context, code: code, form: Form())
    }

    private func codePage(_ context: WebContext, code: OneTimeCode?, form: Form) throws -> Response {
        let visitor = try desk.visitor(context)
        let secret = code?.text ?? form["secret"] ?? ""
        return try context.page(
            "console-code", title: "Codes of your phone", shell: desk.shell(context),
            model: CodePage(
                head: PageHead("Codes of your phone", back: Link("Account", "/account")), errors: form.errors,
                secret: secret,
                address: code?.address(account: visitor.user.email, issuer: desk.settings.brand),
                fields: [
                    Field(.hidden, "secret", "", value: secret),
                    Field(.text, "code", "Code", form: form, hint: "The six digits that your phone shows.", autocomplete: "one-time-code"),
                ]), status: form.isValid ? .ok : .unprocessableContent, styles: ["console.css"])
    }

    private func confirmCode(_ context: WebContext) async throws -> Response {
        let visitor = try desk.visitor(context)
        var form = context.form
        let text = form.text("code", "Code", 6...7)
        guard form.isValid else { return try codePage(context, code: nil, form: form) }
        do {
            let codes = try await desk.parts.accounts.confirmCode(text, of: visitor.user.id)
            try await desk.note("account.code-on", visitor.user.email, context)
            return try context.page(
                "console-recovery", title: "Recovery codes", shell: desk.shell(context),
                model: RecoveryPage(head: PageHead("Recovery codes"), codes: codes), styles: ["console.css"])
        } catch let error as AccountsError where error.code == .invalid {
            form.refuse("code", "This is not the code that the phone shows now.")
            return try codePage(context, code: nil, form: form)
        }
    }

    private func endCode(_ context: WebContext) async throws -> Response {
        let visitor = try desk.visitor(context)
        var form = context.form
        let current = form.secret("current", "Password", 1...512)
        if form.isValid, try await !desk.parts.accounts.isPassword(current, of: visitor.user.id) {
            form.refuse("current", "This is not your password.")
        }
        guard form.isValid else { return try await page(context, form: form, status: .unprocessableContent) }
        try await desk.parts.accounts.endCode(of: visitor.user.id)
        try await desk.note("account.code-off", visitor.user.email, context)
        return context.redirect(to: "/account", flash: .done("No codes are asked for any more."))
    }

    private func endSession(_ context: WebContext) async throws -> Response {
        let visitor = try desk.visitor(context)
        guard let bytes = Hexadecimal.decode(context.parameters.get("session") ?? ""), let digest = Bytes32(bytes),
            try await desk.parts.accounts.endSession(digest, of: visitor.user.id)
        else { throw WebError.notFound }
        try await desk.note("account.session-end", visitor.user.email, context)
        return context.redirect(to: "/account", flash: .done("That browser is signed out."))
    }
}

private struct AccountPage: Sendable {
    let head: PageHead
    let errors: [FormError]
    let isUnconfirmed: Bool
    let isConfirmed: Bool
    let passwordFields: [Field]
    let asksForCode: Bool
    let recoveryCodes: Int
    let confirmation: [Field]
    let sessions: [SessionRow]
    let log: [LogRow]
}

private struct SessionRow: Sendable {
    let id: String
    let browser: Figure
    let address: String
    let since: Figure
    let seen: Figure
    let isThis: Bool

    init(_ record: WebSessionRecord, isThis: Bool, now: Timestamp) {
        id = Hexadecimal.encode(record.digest.bytes)
        browser = .text(BrowserName(agent: record.agent).text, exact: record.agent.isEmpty ? nil : record.agent)
        address = record.address
        since = .time(record.createdAt)
        seen = .ago(record.seenAt, now: now)
        self.isThis = isThis
    }
}

private struct LogRow: Sendable {
    let at: Figure
    let action: String
    let subject: String
    let address: String

    init(_ entry: AuditEntry) {
        at = .time(entry.at)
        action = entry.action
        subject = [entry.subject, entry.detail].filter { !$0.isEmpty }.joined(separator: ", ")
        address = entry.address
    }
}

private struct CodePage: Sendable {
    let head: PageHead
    let errors: [FormError]
    let secret: String
    let address: String?
    let fields: [Field]
}

private struct RecoveryPage: Sendable {
    let head: PageHead
    let codes: [String]
}
