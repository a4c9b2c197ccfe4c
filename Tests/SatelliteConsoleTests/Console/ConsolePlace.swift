import ConsoleKit
import Foundation
import HTTPTypes
import Hummingbird
import MailDoor
import SatelliteConsole
import Synchronization
import TestSupport
import Testing
import WebTesting

/// A whole console over a satellite without sockets. Its mail is kept, or refused for as long as a test wants.
struct ConsolePlace {
    final class Postbox: Sendable {
        struct Away: Error {}

        private let sent = Mutex<[MailMessage]>([])
        private let isAway = Mutex(false)

        var mails: [MailMessage] { sent.withLock { $0 } }
        func goAway(_ away: Bool) { isAway.withLock { $0 = away } }

        func take(_ mail: MailMessage) throws {
            guard !isAway.withLock({ $0 }) else { throw Away() }
            sent.withLock { $0.append(mail) }
        }

        /// The secret of a link in the newest mail.
        func secret(_ kind: String) throws -> String {
            let text = try #require(mails.last?.text)
            let start = try #require(text.range(of: "/\(kind)/")).upperBound
            return String(text[start...].prefix { !$0.isWhitespace })
        }
    }

    let rooms: ConsoleRooms
    let console: SatelliteConsole
    let postbox: Postbox

    static func run(sendsMail: Bool = true, demands: Bool = false, _ body: (ConsolePlace) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let rooms = try await ConsoleRooms(folder)
            var settings = ConsoleSettings(web: WebSettings(port: 0))
            settings.demandsConfirmedAddress = demands
            let postbox = Postbox()
            let take: @Sendable (MailMessage) async throws -> Void = { try postbox.take($0) }
            let console = try SatelliteConsole(parts: rooms.parts, settings: settings, sending: sendsMail ? take : nil)
            try await body(ConsolePlace(rooms: rooms, console: console, postbox: postbox))
        }
    }

    func visitor() -> WebVisitor { WebVisitor { try await console.answer($0, context: $1) } }

    /// Somebody who has signed up.
    func ada(agent: String = "") async throws -> WebVisitor {
        let ada = visitor()
        ada.headers[.userAgent] = agent
        let answer = try await ada.submit(
            "/sign-up", [("name", "Ada"), ("email", "ada@example.com"), ("password", "correct horse battery")])
        #expect(answer.location == "/projects")
        return ada
    }
}
