import Crypto
import Hummingbird

/// Lets only requests with the bearer token through.
struct DoorToken: RouterMiddleware {
    let token: String

    func handle(
        _ request: Request, context: DoorContext, next: @concurrent (Request, DoorContext) async throws -> Response
    ) async throws -> Response {
        let scheme = "Bearer "
        guard !token.isEmpty, let given = request.headers[.authorization], given.hasPrefix(scheme),
            isEqual(given.dropFirst(scheme.count))
        else { throw HTTPError(.unauthorized, message: "a bearer token is needed") }
        return try await next(request, context)
    }

    /// Compares hashes, so that the duration tells nothing of the token.
    private func isEqual(_ given: Substring) -> Bool {
        SHA256.hash(data: Array(given.utf8)) == SHA256.hash(data: Array(token.utf8))
    }
}
