/// Where a web app is, under which names, and how much it takes at once.
package struct WebSettings: Sendable, Hashable {
    /// The address to listen on.
    package var host = "127.0.0.1"
    /// The port to listen on; 0 takes any.
    package var port: Int
    /// The address in visitors' browsers ("https://console.example.com"); nil for `http://host:port`.
    package var publicURL: String?
    /// Further names under which the app may be asked for; addresses in numbers and the loopback's names always may.
    package var allowedHosts: Set<String> = []
    /// PEM files with the chain of certificates and its key; nil for plain HTTP.
    package var certificateFile: String?
    package var keyFile: String?
    /// Whether a reverse proxy stands before the app, whose `X-Forwarded-For` tells the visitor's address.
    package var isBehindProxy = false
    /// How long a connection may be silent, or its client take nothing.
    package var idleTimeout: Duration = .seconds(60)
    /// The largest form, in bytes.
    package var maximumForm = 64 << 10
    /// The largest number of fields of a form.
    package var maximumFields = 200
    /// Requests answered at the same time; the next is told to come again.
    package var maximumRequests = 256
    /// Bytes of all headers of a request.
    package var maximumHeaders = 32 << 10
    /// Origins other than the app's own that its scripts may speak to ("https://gateway.example.com").
    package var connectSources: [String] = []
    /// Origins other than the app's own whose images its pages show.
    package var imageSources: [String] = []

    /// A port, and the defaults.
    package init(port: Int) { self.port = port }

    /// Whether browsers reach the app over TLS: cookies are bound to it then.
    package var isSecure: Bool { certificateFile != nil || publicURL?.hasPrefix("https://") == true }
}
