import Hummingbird
import Logging

/// What travels with a request: its limits.
struct NodeAPIContext: RequestContext {
    /// The largest body of a request, in bytes: what is asked for are an id and a number.
    static let bodyLimit = 16 << 10

    var coreContext: CoreRequestContextStorage
    var maxUploadSize: Int { Self.bodyLimit }

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }
}

/// A value as the answer to a request: JSON, times in RFC 3339.
struct Answer<Value: Encodable & Sendable>: ResponseGenerator {
    let value: Value

    init(_ value: Value) { self.value = value }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        try context.responseEncoder.encode(value, from: request, context: context)
    }
}
