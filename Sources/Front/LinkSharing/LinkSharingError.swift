import HTTPTypes
import Uplink

/// Why a link cannot be served: what the browser is told, and nothing more.
struct LinkSharingError: Error, Hashable {
    let status: HTTPResponse.Status
    /// A sentence for whoever opened the link.
    let message: String

    init(_ status: HTTPResponse.Status, _ message: String) {
        self.status = status
        self.message = message
    }

    static let noSuchLink = LinkSharingError(.notFound, "There is nothing behind this link, or no longer.")
    static let malformed = LinkSharingError(.badRequest, "This is not a link of this service.")
    static let refused = LinkSharingError(.forbidden, "This link does not reach here, or no longer.")
    static let busy = LinkSharingError(.serviceUnavailable, "Too many people are here just now. Try again soon.")
    static let unavailable = LinkSharingError(
        .serviceUnavailable, "The network cannot give this content just now. Try again soon.")

    /// The one place where errors of the library become HTTP statuses; nil for what an operator should see.
    init?(_ error: UplinkError) {
        switch error.code {
        case .objectNotFound, .bucketNotFound: self = .noSuchLink
        case .invalidAccess, .bucketNameInvalid, .objectKeyInvalid, .invalidArgument: self = .malformed
        case .permissionDenied, .wrongPassphrase: self = .refused
        case .satelliteUnreachable, .notEnoughNodes: self = .unavailable
        case .tooManyRequests, .limitExceeded:
            self.init(.tooManyRequests, "This link is asked for too often, or its owner's traffic is used up.")
        case .unsupported: self.init(.notImplemented, "The satellite of this link does not offer that.")
        default: return nil
        }
    }
}
