import Foundation

/// The address of a shared place, for browsers: `BASE/s/ACCESS/BUCKET/KEY`, or `BASE/raw/…` for the content as it is.
package struct LinkAddress: Sendable {
    private static let plain = CharacterSet(
        charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")

    private let base: String
    private let access: String
    private let isRaw: Bool

    /// - Parameters:
    ///   - base: the service, without a slash at its end.
    ///   - access: a serialized grant, or the access key id of a public credential.
    package init(base: String, access: String, isRaw: Bool) {
        self.base = base
        self.access = access
        self.isRaw = isRaw
    }

    /// The link to a place.
    package func url(to place: RemotePath) -> String {
        "\(base)/\(isRaw ? "raw" : "s")/\(encoded(access, Self.plain))/\(encoded(place.bucket, Self.plain))/"
            + encoded(place.key, Self.plain.union(CharacterSet(charactersIn: "/")))
    }

    private func encoded(_ text: String, _ allowed: CharacterSet) -> String {
        // Only text that is no Unicode cannot be encoded, and a String always is.
        text.addingPercentEncoding(withAllowedCharacters: allowed) ?? text
    }

    /// Whether a text can stand before a link.
    static func isBase(_ text: String) -> Bool {
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host?.isEmpty == false else {
            return false
        }
        return url.query == nil && url.fragment == nil
    }

    /// Without slashes at the end.
    static func trimmed(_ base: String) -> String {
        var base = base
        while base.hasSuffix("/") { base.removeLast() }
        return base
    }
}
