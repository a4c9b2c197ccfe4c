/// Where a farmer's web app is and who may use it.
package struct StorjShareSettings: Sendable, Hashable {
    /// The address to listen on.
    package var host = "127.0.0.1"
    /// The port to listen on; 0 takes any.
    package var port = 7791
    /// Whoever knows it may see and do everything; empty lets everybody on the machine in, and nobody else.
    package var token = ""
    /// The origin browsers use, when a proxy stands in front: `https://node.example.org`; empty for none.
    package var publicURL = ""
    /// Other nodes of the farmer, shown in one view.
    package var farm: [FarmMember] = []
    /// Where the farmer wants to hear of the node.
    package var alerts = AlertSettings()
    /// How long a sign-in holds.
    package var sessionLifetime = Duration.seconds(14 * 86400)

    /// The defaults.
    package init() {}

    /// Whether only this machine can reach the address.
    package var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    /// Why the app must not be opened like this; nil when it may.
    package var problem: String? {
        if !isLoopback, token.isEmpty {
            return "app.address is \(host): reachable by others, which takes an app.token"
        }
        if !token.isEmpty, token.utf8.count < Self.minimumTokenSize {
            return "app.token needs \(Self.minimumTokenSize) characters at least"
        }
        return nil
    }

    /// Shorter tokens can be guessed.
    private static let minimumTokenSize = 16
}

/// A node of a farm.
package struct FarmMember: Sendable, Hashable {
    /// What the farmer calls it.
    package let name: String
    /// Its app: `http://192.168.1.20:7791`.
    package let url: String
    /// Its token; empty for none.
    package let token: String

    /// A node.
    package init(name: String, url: String, token: String) {
        self.name = name
        self.url = url
        self.token = token
    }

    /// Reads `name=http://host:port#token`, separated by blanks or line ends; lines that start with `#` are skipped.
    ///
    /// - Throws: `FarmMemberError` for an entry that is none.
    package static func parse(_ text: String) throws(FarmMemberError) -> [FarmMember] {
        var members: [FarmMember] = []
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            for entry in line.split(separator: " ") {
                guard let mark = entry.firstIndex(of: "=") else { throw FarmMemberError(entry: String(entry)) }
                let name = String(entry[..<mark])
                let rest = entry[entry.index(after: mark)...].split(separator: "#", maxSplits: 1)
                guard let url = rest.first, url.hasPrefix("http://") || url.hasPrefix("https://"), !name.isEmpty,
                    !members.contains(where: { $0.name == name })
                else { throw FarmMemberError(entry: name) }
                members.append(
                    FarmMember(name: name, url: url.last == "/" ? String(url.dropLast()) : String(url),
                        token: rest.count > 1 ? String(rest[1]) : ""))
            }
        }
        return members
    }
}

/// A text that names no node.
package struct FarmMemberError: Error, Hashable, CustomStringConvertible {
    /// The entry, without its token.
    let entry: String

    package var description: String { "\"\(entry)\" is not name=http://host:port#token, or its name is used twice" }
}
