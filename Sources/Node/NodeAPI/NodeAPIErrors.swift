import Hummingbird
import Logging
import StorageNode

/// The one place where refusals of the node become HTTP statuses.
struct NodeAPIErrors: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request, context: NodeAPIContext,
        next: @concurrent (Request, NodeAPIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as ExitError {
            throw HTTPError(Self.status(of: error), message: "\(error)")
        } catch let error as HTTPError {
            throw error
        } catch let error as any HTTPResponseError {
            throw error
        } catch {
            // The farmer is at the machine: what the disk or the network said helps, and holds nobody's secrets.
            logger.error("a farmer's request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            throw HTTPError(.internalServerError, message: "\(error)")
        }
    }

    private static func status(of error: ExitError) -> HTTPResponse.Status {
        switch error {
        case .unknownSatellite: .notFound
        case .alreadyBegun, .tooYoung, .refused: .conflict
        case .unexpectedAnswer: .badGateway
        }
    }
}
