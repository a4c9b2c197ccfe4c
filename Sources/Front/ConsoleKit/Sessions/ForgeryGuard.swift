import Crypto
import HTTPTypes
import Hummingbird
import StorageModel

/// Makes the tokens of forms, and knows them again: a form that another site made a visitor send has none.
///
/// A token is bound to the browser and to the session; signing in makes earlier ones worthless. It looks different on each
/// page (mask ‖ mask ⊕ code), so that compressed answers do not give it away byte by byte.
///
/// - Source: OWASP, "Cross-Site Request Forgery Prevention", signed double submit; the BREACH attack, 2013.
struct ForgeryGuard: Sendable {
    private static let length = 16
    private let key: SymmetricKey

    /// - Parameter secret: 32 bytes that only this app has.
    init(secret: [UInt8]) { key = SymmetricKey(data: secret) }

    /// A token for a browser's next form.
    func token(visitor: String, session: SessionToken?, random: RandomSource) -> String {
        let mask = random.bytes(count: Self.length)
        return Hexadecimal.encode(mask + zip(mask, code(visitor, session)).map { $0 ^ $1 })
    }

    /// Whether a form's token is one of this browser and session.
    func isValid(_ token: String, visitor: String, session: SessionToken?) -> Bool {
        guard token.utf8.count == 4 * Self.length, let bytes = Hexadecimal.decode(token) else { return false }
        let given = zip(bytes.prefix(Self.length), bytes.suffix(Self.length)).map { $0 ^ $1 }
        // All bytes are looked at, so that the duration tells nothing.
        return zip(given, code(visitor, session)).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func code(_ visitor: String, _ session: SessionToken?) -> [UInt8] {
        let text = Array("form\n\(visitor)\n\(session?.text ?? "")".utf8)
        return Array(HMAC<SHA256>.authenticationCode(for: text, using: key).prefix(Self.length))
    }

    /// Whether the browser itself says that the request comes from elsewhere.
    static func isForeign(_ request: Request) -> Bool {
        if let site = request.headers[.secFetchSite], site != "same-origin", site != "none" { return true }
        guard let origin = request.headers[.origin] else { return false }
        guard let range = origin.firstRange(of: "://") else { return true }
        return origin[range.upperBound...].lowercased() != request.head.authority?.lowercased()
    }
}

extension HTTPField.Name {
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
    static let csrfToken = HTTPField.Name("X-CSRF-Token")!
    static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
}
