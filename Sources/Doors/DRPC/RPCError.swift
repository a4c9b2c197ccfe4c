package import DRPCWire
package import Identity
package import StorageModel

/// Why a call could not be made or carried to its end; what the peer itself answers is an `RPCStatusError`.
package enum RPCError: Error, Hashable, Sendable {
    /// The node URL has no id, so nobody could tell whether the right node answers.
    case nodeIDMissing
    /// The node URL has no usable `host:port`.
    case malformedAddress(String)
    /// Nobody answers at this address; the text is the system's.
    case dialFailed(address: String, reason: String)
    /// Connection or handshake took longer than `RPCDialerSettings.dialTimeout`.
    case dialTimedOut(address: String)
    /// Another node answers at this address.
    case wrongNodeID(expected: NodeID, actual: NodeID)
    /// The peer's certificates do not verify.
    case identityRefused(IdentityError)
    /// The connection ended under the call.
    case connectionLost
    /// The peer broke the rules of the protocol.
    case protocolViolation(ProtocolError)
    /// A message of this many bytes, which no peer would accept.
    case messageTooLarge(Int)
    /// The peer ended a unary call without an answer.
    case noAnswer
    /// The stream is over: nothing more can be sent on it.
    case streamEnded
    /// The dialer is closed.
    case dialerClosed

    /// Whether trying again later, or another node, can help.
    package var isTransient: Bool {
        switch self {
        case .dialFailed, .dialTimedOut, .connectionLost, .noAnswer, .streamEnded: true
        case .nodeIDMissing, .malformedAddress, .wrongNodeID, .identityRefused, .protocolViolation, .messageTooLarge,
            .dialerClosed:
            false
        }
    }
}

extension RPCError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .nodeIDMissing: "node URL has no node id"
        case .malformedAddress(let address): "\"\(address)\" is not host:port"
        case .dialFailed(let address, let reason): "cannot connect to \(address): \(reason)"
        case .dialTimedOut(let address): "connecting to \(address) took too long"
        case .wrongNodeID(let expected, let actual): "peer is node \(actual), expected \(expected)"
        case .identityRefused(let error): "peer has no valid identity: \(error)"
        case .connectionLost: "connection lost"
        case .protocolViolation(let error): error.description
        case .messageTooLarge(let size): "message of \(size) bytes is too large"
        case .noAnswer: "call ended without an answer"
        case .streamEnded: "stream is over"
        case .dialerClosed: "dialer is closed"
        }
    }
}
