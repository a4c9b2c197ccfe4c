/// The failure of a call, as the peer sees it; sent unchanged.
///
/// Clients compare both code and text, so the text is part of the protocol.
package struct RPCStatusError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure.
    package let code: RPCStatusCode
    /// The complete text.
    package let message: String

    /// A failure to throw from a handler.
    package init(_ code: RPCStatusCode, _ message: String) {
        self.init(code: code, message: message)
    }

    /// A failure to throw from a handler.
    package init(code: RPCStatusCode, message: String) {
        self.code = code
        self.message = message
    }

    /// What every method answers that this program does not have.
    package static let unimplemented = RPCStatusError(.unimplemented, "Unimplemented")

    package var description: String { "\(code): \(message)" }
}
