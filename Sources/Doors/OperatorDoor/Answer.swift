package import Hummingbird

/// A value as the answer to a request: JSON, times in RFC 3339.
package struct Answer<Value: Encodable & Sendable>: ResponseGenerator {
    let value: Value

    /// The answer with a value.
    package init(_ value: Value) { self.value = value }

    package func response(from request: Request, context: some RequestContext) throws -> Response {
        try context.responseEncoder.encode(value, from: request, context: context)
    }
}
