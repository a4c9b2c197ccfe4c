import Hummingbird
import Logging

/// The one place where errors of a server's rooms become HTTP statuses.
struct DoorErrors: RouterMiddleware {
    /// What is answered to a room's error; nil for one that nobody foresaw.
    typealias Refusal = @Sendable (any Error) -> HTTPError?

    let logger: Logger
    let refusal: Refusal

    func handle(
        _ request: Request, context: DoorContext, next: @concurrent (Request, DoorContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as any HTTPResponseError {
            throw error
        } catch {
            let answer = refusal(error) ?? HTTPError(.internalServerError, message: "internal error")
            if answer.status.code >= 500 {
                logger.error(
                    "an operator's request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            }
            throw answer
        }
    }
}
