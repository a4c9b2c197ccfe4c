import Hummingbird
import Logging

/// What travels with a request: its limits.
struct AdminContext: RequestContext {
    /// The largest body of a request, in bytes: what is asked for are a few names.
    static let bodyLimit = 64 << 10

    var coreContext: CoreRequestContextStorage
    var maxUploadSize: Int { Self.bodyLimit }

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }
}
