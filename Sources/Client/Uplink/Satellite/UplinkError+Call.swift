import DRPC
import StorageModel
import WireMessages

extension UplinkError {
    /// What a failed call means to the user; a cancellation stays one.
    ///
    /// - Parameter satellite: who was called.
    static func of(_ error: any Error, about subject: CallSubject, satellite: NodeURL) -> any Error {
        switch error {
        case is CancellationError, is UplinkError: error
        case let status as RPCStatusError: UplinkError(status, about: subject)
        case let error as RPCError: UplinkError(error, about: subject, satellite: satellite)
        default: UplinkError(.satelliteError, "cannot \(subject.attempt): \(error)")
        }
    }

    private init(_ error: RPCError, about subject: CallSubject, satellite: NodeURL) {
        switch error {
        case .nodeIDMissing, .malformedAddress:
            self.init(
                .invalidAccess, "\"\(satellite)\" is not the address of a satellite",
                advice: "It has the form NODEID@HOST:PORT")
        case .dialFailed(_, let reason):
            self.init(
                .satelliteUnreachable, "cannot reach the satellite at \(satellite.address): \(Self.plain(reason))",
                advice: "Check its address and your network")
        case .dialTimedOut:
            self.init(
                .satelliteUnreachable, "the satellite at \(satellite.address) does not answer",
                advice: "Check its address, your network and firewalls")
        case .wrongNodeID(_, let actual):
            self.init(
                .satelliteUnreachable,
                "another satellite answers at \(satellite.address): \(actual) instead of \(satellite.id)",
                advice: "Check the address; the access grant may be of another network")
        case .identityRefused:
            self.init(
                .satelliteUnreachable, "who answers at \(satellite.address) cannot prove to be a satellite: \(error)",
                advice: "Check the address")
        case .connectionLost, .noAnswer, .streamEnded:
            self.init(
                .satelliteUnreachable,
                "the connection to the satellite at \(satellite.address) broke while trying to \(subject.attempt)",
                advice: subject.isRead ? "Try again" : "Whether it was done is not known; look, then try again")
        case .protocolViolation, .messageTooLarge:
            self.init(.satelliteError, "cannot \(subject.attempt): \(error)")
        case .dialerClosed:
            self.init(.invalidArgument, "cannot \(subject.attempt): the project is closed")
        }
    }

    /// What the network library's report of a failed dial means; the report itself when it is of an unknown kind.
    private static func plain(_ reason: String) -> String {
        let kinds = [
            ("Connection refused", "nobody listens there"), ("Connection reset", "the connection was cut"),
            ("No route to host", "there is no way to it"), ("Network is unreachable", "the network is down"),
            ("unknown(host:", "its name is not known"), ("dnsAError", "its name is not known"),
        ]
        return kinds.first { reason.contains($0.0) }?.1 ?? reason
    }

    /// A satellite that takes too long.
    static func silent(_ satellite: NodeURL, about subject: CallSubject) -> UplinkError {
        UplinkError(
            .satelliteUnreachable,
            "the satellite at \(satellite.address) does not answer the request to \(subject.attempt)",
            advice: subject.isRead ? "Try again later" : "Whether it was done is not known; look, then try again")
    }

    /// An answer that breaks the rules of the protocol.
    static func badAnswer(_ rule: String, about subject: CallSubject) -> UplinkError {
        UplinkError(.satelliteError, "cannot \(subject.attempt): the satellite's answer makes no sense: \(rule)")
    }
}
