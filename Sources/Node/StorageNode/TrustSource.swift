package import StorageModel

/// Texts that name trusted satellites.
///
/// - Source: protocol document 3 §8.1.
package enum TrustSource {
    /// Why a text is not a list of satellites.
    package enum Failure: Error, Equatable, CustomStringConvertible {
        /// The entry is not `id@host:port`.
        case badEntry(String, reason: String)
        /// One id is listed with two addresses.
        case twoAddresses(NodeID)

        package var description: String {
            switch self {
            case .badEntry(let entry, let reason): "\"\(entry)\" is not a satellite's id@host:port: \(reason)"
            case .twoAddresses(let id): "satellite \(id) is listed with two addresses"
            }
        }
    }

    /// Parses entries separated by commas or line ends; blank ones and lines that start with `#` are skipped.
    ///
    /// - Throws: `Failure`; one bad entry makes the whole text invalid.
    package static func parse(_ text: String) throws(Failure) -> [NodeURL] {
        var satellites: [NodeURL] = []
        for entry in text.split(whereSeparator: { $0 == "," || $0.isNewline }) {
            let entry = String(entry.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
            if entry.isEmpty || entry.hasPrefix("#") { continue }
            let url = try satellite(entry)
            if let other = satellites.first(where: { $0.id == url.id }) {
                guard other.address == url.address else { throw .twoAddresses(url.id) }
                continue
            }
            satellites.append(url)
        }
        return satellites
    }

    private static func satellite(_ entry: String) throws(Failure) -> NodeURL {
        let url: NodeURL
        do { url = try NodeURL(text: entry) } catch { throw .badEntry(entry, reason: "\(error)") }
        guard !url.id.isZero else { throw .badEntry(entry, reason: "the id is missing") }
        guard let (host, port) = url.hostAndPort, !host.isEmpty, port > 0 else {
            throw .badEntry(entry, reason: "host or port is missing")
        }
        return url
    }
}
