import NIOCore

/// A server's answer: a number and its lines.
/// - Source: RFC 5321 4.2.
package struct SMTPReply: Hashable, Sendable {
    package var code: Int
    package var lines: [String]

    /// What a server sent that is no answer.
    package struct Malformed: Error, CustomStringConvertible {
        package let description: String
    }

    /// Bytes of one line, and lines of one answer, that are read at most.
    private static let longestLine = 1000
    private static let mostLines = 100

    /// Takes answers out of a stream of bytes.
    package struct Parser: Sendable {
        private var rest: [UInt8] = []
        private var partial: SMTPReply?

        package init() {}

        /// Whether bytes wait that belong to no whole answer yet.
        package var isMidway: Bool { !rest.isEmpty || partial != nil }

        /// The answers that are complete with these bytes.
        ///
        /// - Throws: `Malformed`.
        package mutating func take(_ bytes: some Sequence<UInt8>) throws(Malformed) -> [SMTPReply] {
            rest += bytes
            var replies: [SMTPReply] = []
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                var line = rest[..<end]
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                let (code, isLast, text) = try SMTPReply.line(Array(line))
                rest.removeSubrange(...end)
                if let partial, partial.code != code { throw Malformed(description: "an answer changes its number midway") }
                var reply = partial ?? SMTPReply(code: code, lines: [])
                reply.lines.append(text)
                guard reply.lines.count <= SMTPReply.mostLines else { throw Malformed(description: "an answer has too many lines") }
                if isLast {
                    replies.append(reply)
                    partial = nil
                } else {
                    partial = reply
                }
            }
            guard rest.count <= SMTPReply.longestLine else { throw Malformed(description: "a line is too long") }
            return replies
        }
    }

    private static func line(_ bytes: [UInt8]) throws(Malformed) -> (code: Int, isLast: Bool, text: String) {
        guard bytes.count <= longestLine else { throw Malformed(description: "a line is too long") }
        let digits = bytes.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw Malformed(description: "a line does not begin with a number")
        }
        let mark = bytes.count > 3 ? bytes[3] : UInt8(ascii: " ")
        guard mark == UInt8(ascii: " ") || mark == UInt8(ascii: "-") else {
            throw Malformed(description: "a line does not begin with a number")
        }
        let code = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        // Shown to people: without what could move their cursor.
        let text = String(decoding: bytes.dropFirst(4), as: UTF8.self).filter { !$0.isNewline && $0.asciiValue.map { $0 >= 32 } ?? true }
        return (code, mark == UInt8(ascii: " "), text)
    }
}
