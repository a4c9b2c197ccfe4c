package import Hummingbird
import Logging

/// What travels with a request: its limits.
package struct DoorContext: RequestContext {
    /// The largest body of a request, in bytes: what is asked for are names and numbers.
    package static let bodyLimit = 64 << 10

    package var coreContext: CoreRequestContextStorage
    package var maxUploadSize: Int { Self.bodyLimit }

    /// The context of a request that has just come.
    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }
}

extension Request {
    /// The body as a value; nil when there is none.
    ///
    /// - Throws: `HTTPError` for a body that is too large or no such value.
    package func body<Value: Decodable & Sendable>(_ context: DoorContext) async throws -> Value? {
        var request = self
        let bytes = try await request.collectBody(upTo: DoorContext.bodyLimit)
        guard bytes.readableBytes > 0 else { return nil }
        return try await request.decode(as: Value.self, context: context)
    }
}
