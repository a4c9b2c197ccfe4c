import Crypto
import StorageModel

/// A sentence shown once, on the page a form leads to.
package struct Flash: Hashable, Sendable {
    package enum Kind: String, Sendable { case good, warning, bad, note }

    package let kind: Kind
    package let text: String

    /// It worked.
    package static func done(_ text: String) -> Flash { Flash(kind: .good, text: text) }
    /// It did not.
    package static func failed(_ text: String) -> Flash { Flash(kind: .bad, text: text) }
    /// Something to know.
    package static func note(_ text: String) -> Flash { Flash(kind: .note, text: text) }

    /// As a cookie holds it: hexadecimal, so that no character of it means anything there.
    var cookie: String { Hexadecimal.encode(Array("\(kind.rawValue):\(text.prefix(500))".utf8)) }

    init(kind: Kind, text: String) {
        self.kind = kind
        self.text = text
    }

    /// The sentence in a cookie; nil for what is none. Who forges the cookie of his own browser deceives himself.
    init?(cookie: some StringProtocol) {
        guard cookie.utf8.count <= 5000, let bytes = Hexadecimal.decode(String(cookie)),
            let text = String(validating: bytes, as: UTF8.self), let colon = text.firstIndex(of: ":"),
            let kind = Kind(rawValue: String(text[..<colon]))
        else { return nil }
        self.init(kind: kind, text: String(text[colon...].dropFirst()))
    }
}
