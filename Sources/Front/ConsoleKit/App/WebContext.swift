package import Hummingbird
import Logging
import NIOCore
package import StorageModel

/// What travels with a request: who asks, when, with which form.
package struct WebContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The visitor's address, without port; behind a proxy, as the proxy tells it.
    package internal(set) var remoteAddress: String
    /// Names the request in the log and on error pages: 16 hexadecimal digits.
    package internal(set) var requestID = ""
    /// When the request came.
    package internal(set) var now = Timestamp(microseconds: 0)
    /// The path asked for, percent-encoded.
    package internal(set) var path = "/"
    /// Who is signed in; nil for nobody.
    package internal(set) var session: (any WebSession)?
    /// The fields of a posted form, whose origin was checked; empty for everything else.
    package internal(set) var form = Form()
    /// The token that a form on this page must bring back.
    package internal(set) var csrf = ""
    var token: SessionToken?
    var visitor = ""
    var isNewVisitor = false
    var acceptsGzip = false
    var wantsJSON = false
    var flash: Flash?
    var theme = ""
    private var given: WebParts?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress?.ipAddress ?? "local"
    }

    var parts: WebParts {
        get {
            guard let given else { preconditionFailure("a web context comes from a web app") }
            return given
        }
        set { given = newValue }
    }
}
