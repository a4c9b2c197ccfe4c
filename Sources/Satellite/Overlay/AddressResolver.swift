import NIOPosix
package import StorageModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How names become addresses: a part handed in, so that tests need no name server.
package struct AddressResolver: Sendable {
    /// The addresses of a host name, in the order of preference; throws when it has none.
    package let addresses: @Sendable (String) async throws -> [IPAddress]

    /// Resolves by calling `addresses`.
    package init(addresses: @escaping @Sendable (String) async throws -> [IPAddress]) {
        self.addresses = addresses
    }

    /// The operating system's resolver, on threads of its own: what programs choose.
    package static let system = AddressResolver { host in
        try await NIOThreadPool.singleton.runIfActive { try blockingLookUp(host) }
    }

    private static func blockingLookUp(_ host: String) throws -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var first: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &first)
        guard status == 0 else { throw OverlayError.badAddress(String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(first) }
        var found: [IPAddress] = []
        var next = first
        while let entry = next {
            if let address = IPAddress(entry.pointee) { found.append(address) }
            next = entry.pointee.ai_next
        }
        return found
    }
}

extension IPAddress {
    fileprivate init?(_ entry: addrinfo) {
        guard let address = entry.ai_addr else { return nil }
        // The pointer is aligned for the family that `ai_family` names, as getaddrinfo promises.
        switch entry.ai_family {
        case AF_INET:
            let bytes = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                withUnsafeBytes(of: address.pointee.sin_addr) { Array($0) }
            }
            self.init(bytes: bytes)
        case AF_INET6:
            let bytes = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                withUnsafeBytes(of: address.pointee.sin6_addr) { Array($0) }
            }
            self.init(bytes: bytes)
        default: return nil
        }
    }
}
