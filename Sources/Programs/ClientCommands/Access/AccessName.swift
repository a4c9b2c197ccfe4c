import ArgumentParser

/// The name under which a grant is saved: letters, digits and `-_.@`, at most 64, so that no grant looks like a name.
package struct AccessName: Hashable, Sendable, CustomStringConvertible {
    private static let maximumLength = 64

    /// The name as typed.
    package let description: String

    /// A name; nil when it is not one.
    package init?(_ text: String) {
        let isName = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "-_.@".unicodeScalars.contains(scalar))
        }
        guard isName, !text.isEmpty, text.utf8.count <= Self.maximumLength, !text.hasPrefix("-") else { return nil }
        description = text
    }

    /// Reads a name as typed. Not for the parser's own use: it would repeat a grant that was typed in its place.
    ///
    /// - Throws: `ValidationError` that says what names look like.
    package static func parse(_ text: String) throws -> AccessName {
        guard let name = AccessName(text) else {
            // A grant typed in the place of a name is a secret and is not repeated.
            let shown =
                text.utf8.count <= maximumLength ? "\"\(text.printable)\"" : "a text of \(text.utf8.count) characters"
            throw ValidationError(
                "\(shown) cannot name a saved grant; names have letters, digits and -_.@, at most \(maximumLength)")
        }
        return name
    }
}
