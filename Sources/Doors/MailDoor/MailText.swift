import Foundation

/// A message as it travels: plain text that any program shows.
/// - Source: RFC 5322 (form), RFC 2047 (subjects that are not ASCII), RFC 5321 4.5.2 (lines that begin with a dot).
package enum MailText {
    /// The whole mail, with the lines' ends and without the final dot.
    ///
    /// - Parameters:
    ///   - seconds: since 1970, when it is sent.
    ///   - id: what makes the message's name unique.
    package static func mail(_ message: MailMessage, from settings: MailSettings, at seconds: Int64, id: String) -> String {
        let lines =
            [
                "From: \(encodedWord(settings.name)) <\(settings.from)>", "To: <\(message.to)>",
                "Subject: \(encodedWord(message.subject))", "Date: \(date(seconds))", "Message-ID: <\(id)@storj>",
                "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
                "Auto-Submitted: auto-generated", "",
            ] + base64Lines(message.text)
        return lines.map { $0.hasPrefix(".") ? "." + $0 : $0 }.joined(separator: "\r\n") + "\r\n"
    }

    /// Encoded whatever it holds: a line's end in a text that a satellite sent begins no header.
    private static func encodedWord(_ text: String) -> String {
        let flat = text.map { $0.isNewline ? " " : $0 }
        var words: [String] = []
        var part = ""
        for character in flat {
            // 75 characters a word at most, and no character is cut in two.
            if part.utf8.count + character.utf8.count > 42 {
                words.append(part)
                part = ""
            }
            // A character of more bytes than that is no text anybody reads.
            if character.utf8.count <= 42 { part.append(character) }
        }
        words.append(part)
        return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static func base64Lines(_ text: String) -> [String] {
        let encoded = Array(Data(text.utf8).base64EncodedString())
        return stride(from: 0, to: encoded.count, by: 76).map { String(encoded[$0..<min($0 + 76, encoded.count)]) }
    }

    /// A moment as mail writes it: `Fri, 15 Jan 2027 08:01:00 +0000`.
    package static func date(_ seconds: Int64) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss +0000"
        return formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
    }
}
