import Crypto
import Foundation
package import StorageModel

/// Codes of six digits that a phone makes of a secret and the time.
///
/// - Source: RFC 6238 with HMAC-SHA-1, steps of 30 seconds, as authenticator apps have it; RFC 4226 §5.3.
package struct OneTimeCode: Sendable, Hashable {
    /// Seconds for which a code holds.
    package static let period: Int64 = 30
    /// Steps before and after now in which a code is taken: clocks differ.
    static let tolerance: Int64 = 1

    /// 20 bytes.
    package let secret: [UInt8]

    package init(secret: [UInt8]) { self.secret = secret }

    /// Draws a secret.
    package init(random: RandomSource) { secret = random.bytes(count: 20) }

    /// The secret as people type it: base 32.
    package var text: String { Base32.encode(secret).uppercased() }

    /// What a picture of squares says to an authenticator app.
    ///
    /// - Source: the key URI format of authenticator apps.
    package func address(account: String, issuer: String) -> String {
        func escaped(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }
        return "otpauth://totp/\(escaped(issuer)):\(escaped(account))?secret=\(text)&issuer=\(escaped(issuer))"
    }

    /// The step that a moment lies in.
    package static func step(at time: Timestamp) -> Int64 { time.seconds / period }

    /// The code of a step.
    package func code(step: Int64) -> String {
        let counter = (0..<8).reversed().map { UInt8(truncatingIfNeeded: step >> ($0 * 8)) }
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let offset = Int(mac[19] & 15)
        let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The step whose code was given; nil when it is none of now, or not newer than the last one that was used.
    package func step(of code: String, at time: Timestamp, after last: Int64) -> Int64? {
        let given = code.filter { $0 != " " }
        let now = Self.step(at: time)
        var found: Int64?
        // All are compared, each in full, so that the duration tells nothing.
        for step in now - Self.tolerance...now + Self.tolerance {
            let isSame = SHA256.hash(data: Data(self.code(step: step).utf8)) == SHA256.hash(data: Data(given.utf8))
            if isSame, step > last { found = step }
        }
        return found
    }
}
