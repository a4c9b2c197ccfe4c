import Hummingbird

/// Turns what the router itself refuses into the kit's refusals, so that one place words and frames them all.
struct WebErrors: RouterMiddleware {
    func handle(
        _ request: Request, context: WebContext, next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as any HTTPResponseError {
            throw WebError(status: error.status)
        }
    }
}
