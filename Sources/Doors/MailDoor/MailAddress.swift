/// An address of mail that can stand in a command: no blanks, no brackets, no control characters.
package struct MailAddress: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Nil for what is none.
    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let allowed = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !#"<>()[]\,;:""#.utf8.contains($0) }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, text.utf8.count <= 254, allowed else { return nil }
        description = text
    }
}
