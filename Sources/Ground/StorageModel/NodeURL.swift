/// The address of a peer together with its identity: `[storj://][<node id>@]host:port[?query]`.
///
/// - Source: protocol document 1 §1.9.
package struct NodeURL: Hashable, Sendable {
    /// The identity the peer must prove; zero when the text has none.
    package var id: NodeID
    /// `host:port`, with an IPv6 host in brackets.
    package var address: String
    /// The Noise protocol number, 0 when absent.
    package var noiseProtocol: Int32
    /// The Noise public key, 32 bytes or none.
    package var noisePublicKey: [UInt8]
    /// How often the peer debounces identical first messages, 0 when absent.
    package var debounceLimit: Int32
    /// Feature bits, 0 when absent.
    package var features: UInt64

    /// A plain address with an identity.
    package init(id: NodeID, address: String) {
        self.id = id
        self.address = address
        noiseProtocol = 0
        noisePublicKey = []
        debounceLimit = 0
        features = 0
    }

    /// Parses the text form; the empty text is the zero URL.
    ///
    /// - Throws: `NodeURLError` naming what is wrong.
    package init(text: String) throws(NodeURLError) {
        self.init(id: NodeID(), address: "")
        var rest = Substring(text)
        if rest.isEmpty { return }
        if let scheme = rest.range(of: "://") {
            guard rest[..<scheme.lowerBound] == "storj" else {
                throw .unknownScheme(String(rest[..<scheme.lowerBound]))
            }
            rest = rest[scheme.upperBound...]
        }
        if let question = rest.firstIndex(of: "?") {
            try parse(query: rest[rest.index(after: question)...])
            rest = rest[..<question]
        }
        if let at = rest.lastIndex(of: "@") {
            do { id = try NodeID(text: String(rest[..<at])) } catch { throw .badID(error) }
            rest = rest[rest.index(after: at)...]
        }
        address = String(rest)
    }

    private mutating func parse(query: Substring) throws(NodeURLError) {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = String(parts[0])
            let value = parts.count == 2 ? String(parts[1]) : ""
            switch key {
            case "noise_pub":
                guard let key = Base58Check.decode(value), key.version == 0, key.payload.count == 32 else {
                    throw .badQuery(key)
                }
                noisePublicKey = key.payload
            case "noise_proto":
                guard let number = Int32(value) else { throw .badQuery(key) }
                noiseProtocol = number
            case "debounce":
                guard let number = Int32(value) else { throw .badQuery(key) }
                debounceLimit = number
            case "f":
                guard let number = UInt64(value, radix: 16) else { throw .badQuery(key) }
                features = number
            default: break
            }
        }
    }

    /// The host without brackets, and the port; nil unless the address has both and the port is in `0...65535`.
    package var hostAndPort: (host: String, port: Int)? {
        guard let colon = address.lastIndex(of: ":"), let port = Int(address[address.index(after: colon)...]),
            (0...65535).contains(port)
        else { return nil }
        var host = address[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        return (String(host), port)
    }
}

extension NodeURL: CustomStringConvertible {
    /// The text form, without scheme, with only the non-zero query keys in their fixed order.
    package var description: String {
        var text = id.isZero ? address : "\(id)@\(address)"
        var query: [String] = []
        if debounceLimit != 0 { query.append("debounce=\(debounceLimit)") }
        if features != 0 { query.append("f=" + String(features, radix: 16)) }
        if noiseProtocol != 0 { query.append("noise_proto=\(noiseProtocol)") }
        if !noisePublicKey.isEmpty {
            query.append("noise_pub=" + Base58Check.encode(version: 0, payload: noisePublicKey))
        }
        if !query.isEmpty { text += "?" + query.joined(separator: "&") }
        return text
    }
}

/// Why a text is not a node URL.
package enum NodeURLError: Error, Equatable, CustomStringConvertible {
    /// The scheme is not `storj`.
    case unknownScheme(String)
    /// The part before `@` is not a node id.
    case badID(NodeIDError)
    /// The value of this query key cannot be read.
    case badQuery(String)

    package var description: String {
        switch self {
        case .unknownScheme(let scheme): "node URL has the unknown scheme \"\(scheme)\""
        case .badID(let error): "node URL: \(error)"
        case .badQuery(let key): "node URL has an unreadable value for \"\(key)\""
        }
    }
}

extension Substring {
    /// The first occurrence of `needle`, without Foundation.
    fileprivate func range(of needle: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return nil
    }
}
