/// Where links are served, and how much of it at once.
package struct LinkSharingSettings: Sendable, Hashable {
    /// The address to listen on.
    package var host = "127.0.0.1"
    /// The port to listen on; 0 takes any.
    package var port = 7780
    /// PEM files with the chain of certificates and its key; nil for plain HTTP.
    package var certificateFile: String?
    package var keyFile: String?
    /// Node ids of the satellites that grants in links may name; empty for any.
    package var satellites: Set<String> = []
    /// Requests answered at the same time; the next is told to come again.
    package var maximumRequests = 256
    /// Projects held open at the same time; each has its own connections.
    package var maximumProjects = 32
    /// How long an open project waits for its next request.
    package var projectIdleTime: Duration = .seconds(120)
    /// Encrypted bytes of a project's objects in memory.
    package var memoryPerProject = 16 << 20
    /// How long a connection may be silent.
    package var connectionIdleTime: Duration = .seconds(60)
    /// Bytes of a request's path and query: a grant, a bucket and a key, percent-encoded.
    package var maximumTargetLength = 24 << 10
    /// Entries of one page of a listing, in `1...1000`.
    package var listingPageSize = 500

    package init() {}
}
