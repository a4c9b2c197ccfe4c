/// The names under which an app may be asked for.
///
/// A page of another site can make its own name point at a visitor's machine and then read what is there ("DNS
/// rebinding"); under a name that is not ours nothing is answered. Addresses in numbers cannot be rebound.
struct HostCheck: Sendable {
    private let names: Set<String>

    init(_ settings: WebSettings) {
        var names = settings.allowedHosts.map { $0.lowercased() }
        names += ["localhost", settings.host.lowercased()]
        if let url = settings.publicURL, let range = url.firstRange(of: "://") {
            names.append(Self.name(url[range.upperBound...].prefix { $0 != "/" }))
        }
        self.names = Set(names)
    }

    /// Whether a request's `Host` is one of ours.
    func allows(_ authority: String?) -> Bool {
        guard let authority, authority.utf8.count <= 260 else { return false }
        let name = Self.name(authority)
        return names.contains(name) || name.hasPrefix("[") || Self.isIPv4(name)
    }

    /// The name without the port, in small letters.
    private static func name(_ authority: some StringProtocol) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
        return authority.prefix { $0 != ":" }.lowercased()
    }

    private static func isIPv4(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
