internal import DRPCWire
internal import Identity
internal import Logging
internal import NIOCore
package import WireMessages

/// The methods of a program by their paths.
package struct RPCRouter: Sendable {
    typealias Handler = @Sendable (RPCStream, RPCContext) async throws -> Void

    private var handlers: [String: Handler] = [:]

    /// A router that knows no method.
    package init() {}

    /// Serves a method with one request and one response.
    package mutating func unary<Request: WireMessage, Response: WireMessage>(
        _ method: RPCMethod<Request, Response>,
        _ handler: @escaping @Sendable (Request, RPCContext) async throws -> Response
    ) {
        add(method.path) { stream, context in
            guard let request: Request = try await stream.receiveMessage() else {
                throw RPCStatusError(.invalidArgument, "request is missing")
            }
            let response = try await handler(request, context)
            try await stream.send(PacketWriter.encode(response), isLast: true)
        }
    }

    /// Serves a method with any number of messages both ways.
    package mutating func stream<Request: WireMessage, Response: WireMessage>(
        _ method: RPCMethod<Request, Response>,
        _ handler: @escaping @Sendable (RPCServerStream<Request, Response>, RPCContext) async throws -> Void
    ) {
        add(method.path) { stream, context in try await handler(RPCServerStream(stream), context) }
    }

    /// Answers a method of a service we have with "Unimplemented". Methods never named are answered as unknown.
    package mutating func unimplemented(path: String) {
        add(path) { _, _ in throw RPCStatusError.unimplemented }
    }

    private mutating func add(_ path: String, _ handler: @escaping Handler) {
        precondition(handlers[path] == nil, "a method is served once")
        handlers[path] = handler
    }

    /// Serves one call to its end; whatever goes wrong becomes the call's answer.
    func serve(_ stream: RPCStream, _ context: RPCContext, logger: Logger) async {
        do {
            guard let handler = handlers[context.path] else {
                throw RPCStatusError(.unknown, "protocol error: unknown rpc: \"\(context.path)\"")
            }
            try await handler(stream, context)
            stream.put(.closeSend)
        } catch {
            let status = Self.status(of: error, context, logger)
            stream.put(.error, ErrorPayload(code: status.code.rawValue, message: status.message).data)
        }
        stream.finishReceiving()
    }

    /// What the caller is told.
    private static func status(of error: any Error, _ context: RPCContext, _ logger: Logger) -> RPCStatusError {
        switch error {
        case let error as RPCStatusError: return error
        case is CancellationError: return RPCStatusError(.canceled, "context canceled")
        case let error as RPCError:
            // The caller is gone, or broke the protocol of its call.
            return RPCStatusError(.unknown, "\(error)")
        default:
            logger.warning(
                "call failed unexpectedly", metadata: ["rpc": "\(context.path)", "error": "\(error)"])
            return RPCStatusError(.internal, "internal error")
        }
    }
}
