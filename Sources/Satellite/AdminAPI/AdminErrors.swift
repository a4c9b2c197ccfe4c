import Accounts
import Hummingbird
import Logging

/// The one place where refusals of the rooms become HTTP statuses.
struct AdminErrors: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request, context: AdminContext, next: @concurrent (Request, AdminContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as AccountsError {
            throw HTTPError(Self.status(of: error.code), message: error.message)
        } catch let error as HTTPError {
            throw error
        } catch let error as any HTTPResponseError {
            throw error
        } catch {
            logger.error(
                "administration request failed",
                metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            throw HTTPError(.internalServerError, message: "internal error")
        }
    }

    private static func status(of code: AccountsError.Code) -> HTTPResponse.Status {
        switch code {
        case .notFound: .notFound
        case .alreadyExists: .conflict
        case .invalid: .badRequest
        }
    }
}
