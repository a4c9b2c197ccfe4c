package import Accounts
package import ConsoleKit
import Foundation
import Hummingbird
import StorageModel

/// Who is signed in at the console.
package struct ConsoleSession: WebSession {
    package let record: WebSessionRecord

    package var user: User { record.user }
    package var isOperator: Bool { record.isOperator }
}

extension WebContext {
    /// Who is signed in; nil for nobody.
    package var visitor: ConsoleSession? { session as? ConsoleSession }
}

/// Sessions in the satellite's accounts.
struct AccountSessions: SessionStore {
    let accounts: Accounts

    func session(token: SessionToken, context: WebContext) async throws -> (any WebSession)? {
        guard let digest = Bytes32(token.digest) else { return nil }
        return try await accounts.session(digest).map(ConsoleSession.init)
    }
}

/// Lets only those through who are signed in; others are led to the sign-in, and back from there.
struct SignedInOnly: RouterMiddleware {
    let isForOperators: Bool

    func handle(
        _ request: Request, context: WebContext, next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        guard let visitor = context.visitor else {
            guard request.method == .get || request.method == .head else {
                throw WebError(.unauthorized, "Sign in first: nobody is signed in here, or no longer.")
            }
            let place = request.uri.string.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            return context.redirect(to: "/sign-in?next=\(place)")
        }
        // Strangers are not told that there is anything.
        guard !isForOperators || visitor.isOperator else { throw WebError.notFound }
        return try await next(request, context)
    }
}
