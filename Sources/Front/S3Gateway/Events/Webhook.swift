package import Foundation

/// Where messages about events go: named by whoever runs the gateway, so that customers cannot make the gateway call
/// addresses of their choice.
package struct Webhook: Hashable, Sendable {
    /// What customers call it: the last part of the ARN in their notification configuration.
    package let name: String
    /// `http` or `https`.
    package let url: URL
    /// Sent as `Authorization: Bearer …`; nil for none.
    package let token: String?

    /// - Returns: nil when the name has other characters than letters, digits, `-` and `_`, or is none or longer than
    ///   64, or when the URL is not one of HTTP.
    package init?(name: String, url: String, token: String? = nil) {
        let isName = (1...64).contains(name.utf8.count) && name.utf8.allSatisfy(Self.isNameByte)
        guard isName, let url = URL(string: url), ["http", "https"].contains(url.scheme), url.host() != nil else {
            return nil
        }
        self.name = name
        self.url = url
        self.token = token
    }

    /// The name in an ARN of a topic or a queue: `arn:aws:sns:<region>:<account>:<name>`, with any partition, and
    /// `sqs` as well.
    ///
    /// - Returns: nil for anything else.
    package static func name(inARN arn: String) -> String? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", ["sns", "sqs"].contains(parts[2]) else { return nil }
        let name = String(parts[5])
        guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(isNameByte) else { return nil }
        return name
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
