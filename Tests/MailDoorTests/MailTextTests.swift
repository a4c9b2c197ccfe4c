import Foundation
import MailDoor
import Testing

@Suite struct MailTextTests {
    @Test func `a text with lines' ends begins no header and ends no mail`() throws {
        let (from, to) = try (#require(MailAddress("node@example.org")), #require(MailAddress("me@example.org")))
        let settings = MailSettings(server: try #require(SMTPServer("smtp://h")), from: from, name: "Who\r\nBcc: x@y.z")
        let message = MailMessage(
            to: to, subject: "sat.example.org\r\nBcc: everybody@example.org", text: "cannot reach this node – füße\r\n.\r\nQUIT")
        let mail = MailText.mail(message, from: settings, at: 1_800_000_060, id: "1")
        let lines = mail.components(separatedBy: "\r\n")
        #expect(!lines.contains { $0.hasPrefix("Bcc") })
        #expect(!lines.contains("."))
        #expect(mail.utf8.allSatisfy { $0 < 0x80 })
        #expect(lines.allSatisfy { $0.utf8.count <= 998 })
        let headers = lines.prefix { !$0.isEmpty }
        #expect(headers.contains("Date: Fri, 15 Jan 2027 08:01:00 +0000"))
        let body = try #require(Data(base64Encoded: lines.dropFirst(headers.count + 1).joined()))
        #expect(String(decoding: body, as: UTF8.self).contains("füße"))
    }

    @Test(arguments: ["", "a", "a@", "@b", "a@b@c", "a b@c.d", "a@b>\r\nRCPT TO:<x@y", "<a@b>", "a@b,c@d"])
    func `what is no address is refused`(text: String) { #expect(MailAddress(text) == nil) }

    @Test func `servers are named by a URL`() {
        #expect(SMTPServer("smtps://mail.example.org")?.port == 465)
        #expect(SMTPServer("smtp://mail.example.org:25")?.port == 25)
        #expect(SMTPServer("smtp://mail.example.org")?.isSecure == false)
        for text in ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://u:p@mail.example.org", "smtp://h:0", "smtp://h/x"] {
            #expect(SMTPServer(text) == nil, "\(text)")
        }
    }

    @Test func `answers are taken out of the bytes however they are cut`() throws {
        let bytes = Array("250-one\r\n250-STARTTLS\r\n250 three\r\n354 go\r\n".utf8)
        for cut in 0...bytes.count {
            var parser = SMTPReply.Parser()
            let replies = try parser.take(bytes[..<cut]) + parser.take(bytes[cut...])
            #expect(replies.map(\.code) == [250, 354])
            #expect(replies.first?.lines == ["one", "STARTTLS", "three"])
            #expect(!parser.isMidway)
        }
    }

    @Test(arguments: [
        "hello\r\n", "25\r\n", "250_x\r\n", "250-a\r\n251 b\r\n", String(repeating: "x", count: 2000),
        String(repeating: "250-a\r\n", count: 200), "٢٥٠ x\r\n",
    ])
    func `answers that are none are refused`(text: String) {
        var parser = SMTPReply.Parser()
        #expect(throws: SMTPReply.Malformed.self) { _ = try parser.take(Array(text.utf8)) }
    }
}
