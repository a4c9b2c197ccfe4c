/// Reads the products out of a user agent, for attributing buckets to the program that made them.
///
/// - Source: protocol document 2 §1.2.
package enum UserAgent {
    /// The most bytes kept of an attribution.
    static let maximumLength = 500

    private static let ours: Set<String> = ["uplink", "common", "drpc", "Gateway-ST", ""]

    /// The products that are not the protocol's own libraries, joined by spaces; nil when none is left or the text is
    /// not a list of products.
    package static func attribution(of header: [UInt8]) -> [UInt8]? {
        guard let products = products(of: header) else { return nil }
        var text = ""
        for product in products where !ours.contains(name(of: product)) {
            let longer = text.isEmpty ? product : text + " " + product
            guard longer.utf8.count <= maximumLength else { break }
            text = longer
        }
        return text.isEmpty ? nil : Array(text.utf8)
    }

    private static func name(of product: String) -> String {
        String(product.prefix { $0 != "/" })
    }

    /// The `name/version` tokens without comments; nil for a foreign character or an unclosed comment.
    private static func products(of header: [UInt8]) -> [String]? {
        var products: [String] = []
        var token: [UInt8] = []
        var depth = 0
        for byte in header + [UInt8(ascii: " ")] {
            switch byte {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                guard depth > 0 else { return nil }
                depth -= 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"):
                guard depth == 0, !token.isEmpty else { continue }
                products.append(String(decoding: token, as: UTF8.self))
                token = []
            case 0x21...0x7e: if depth == 0 { token.append(byte) }
            default: if depth == 0 { return nil }
            }
        }
        return depth == 0 ? products : nil
    }
}
