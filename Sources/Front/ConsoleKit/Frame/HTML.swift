/// Text on its way into a page.
package enum HTML {
    /// The text with what HTML would take for its own replaced; safe in content and in quoted attributes.
    package static func escaped(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(where: { Self.needsEscape($0) }) else { return String(text) }
        var escaped: [UInt8] = []
        escaped.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "<"): escaped.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): escaped.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "&"): escaped.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "\""): escaped.append(contentsOf: "&quot;".utf8)
            case UInt8(ascii: "'"): escaped.append(contentsOf: "&#39;".utf8)
            default: escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        [UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "\""), UInt8(ascii: "'")].contains(byte)
    }
}

/// HTML that our own code has made, every text of others in it escaped (`{{{chart.html}}}`).
package struct Markup: Sendable, Hashable {
    package let html: String

    /// - Parameter trusted: made by code, not by people.
    package init(trusted html: String) { self.html = html }
}
