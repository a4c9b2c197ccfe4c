import Accounts
import ConsoleKit
import Foundation
import Hummingbird
import MailDoor
import SatelliteConsole
import SatelliteTesting
import StorageModel
import Synchronization
import TestSupport
import Testing
import WebTesting

@Suite struct ConsoleMailTests {
    /// A console whose mail is kept, or refused as long as a test wants.
    private final class Bench: Sendable {
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

    private struct Place {
        let rooms: ConsoleRooms
        let console: SatelliteConsole
        let bench: Bench
        func visitor() -> WebVisitor { WebVisitor { try await console.answer($0, context: $1) } }

        /// Somebody who has signed up.
        func ada() async throws -> WebVisitor {
            let ada = visitor()
            let answer = try await ada.submit(
                "/sign-up", [("name", "Ada"), ("email", "ada@example.com"), ("password", "correct horse battery")])
            #expect(answer.location == "/projects")
            return ada
        }
    }

    private func run(sendsMail: Bool = true, demands: Bool = false, _ body: (Place) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let rooms = try await ConsoleRooms(folder)
            var settings = ConsoleSettings(web: WebSettings(port: 0))
            settings.demandsConfirmedAddress = demands
            let bench = Bench()
            let take: @Sendable (MailMessage) async throws -> Void = { try bench.take($0) }
            let console = try SatelliteConsole(parts: rooms.parts, settings: settings, sending: sendsMail ? take : nil)
            try await body(Place(rooms: rooms, console: console, bench: bench))
        }
    }

    @Test func `who has not confirmed his address makes no project where that is demanded`() async throws {
        try await run(demands: true) { place in
            let ada = try await place.ada()
            #expect(try await ada.submit("/projects", [("name", "photos")]).status == 403)
            try await place.console.sendMail()
            #expect(place.bench.mails.map(\.to.description) == ["ada@example.com"])
            let path = "/confirm/\(try place.bench.secret("confirm"))"
            // A program that looks into links confirms nothing.
            #expect(try await place.visitor().get(path).status == 200)
            #expect(try await ada.submit("/projects", [("name", "photos")]).status == 403)
            #expect(try await place.visitor().post(path, []).status == 403)
            #expect(try await place.visitor().submit(path, []).status == 303)
            #expect(try await ada.submit("/projects", [("name", "photos")]).status == 303)
            #expect(try await place.visitor().get(path).status == 404)
        }
    }

    @Test func `whoever asks for a password learns not whose accounts there are`() async throws {
        try await run { place in
            _ = try await place.ada()
            try await place.console.sendMail()
            let (known, unknown) = (place.visitor(), place.visitor())
            let one = try await known.submit("/forgot", [("email", " ADA@example.com")])
            let other = try await unknown.submit("/forgot", [("email", "nobody@example.com")])
            #expect(one.status == 303 && other.status == 303)
            #expect(one.location == other.location)
            #expect(try await known.get("/sign-in").text.contains("a link is on its way"))
            #expect(try await unknown.get("/sign-in").text.contains("a link is on its way"))
            try await place.console.sendMail()
            #expect(place.bench.mails.map(\.subject).last == "A new password for Storj")
            #expect(place.bench.mails.count == 2)
            let path = "/reset/\(try place.bench.secret("reset"))"
            #expect(try await known.submit(path, [("password", "short")]).status == 422)
            #expect(try await known.submit(path, [("password", "a better one by far")]).status == 303)
            #expect(try await known.get(path).status == 404)
            try await place.console.sendMail()
            #expect(place.bench.mails.last?.subject == "Your password for Storj is a new one")
        }
    }

    @Test func `mail waits for its server`() async throws {
        try await run { place in
            place.bench.goAway(true)
            _ = try await place.ada()
            try await place.console.sendMail()
            #expect(place.bench.mails.isEmpty)
            #expect(try await place.rooms.parts.accounts.waitingMail().problem != nil)
            place.bench.goAway(false)
            try await place.console.sendMail()
            #expect(place.bench.mails.isEmpty, "not before its time")
            place.rooms.satellite.clock.advance(by: .seconds(30))
            try await place.console.sendMail()
            #expect(place.bench.mails.count == 1)
            #expect(try await place.rooms.parts.accounts.waitingMail().count == 0)
        }
    }

    @Test func `a console without mail offers none`() async throws {
        try await run(sendsMail: false, demands: true) { place in
            let ada = try await place.ada()
            #expect(try await ada.submit("/projects", [("name", "photos")]).status == 303)
            #expect(try await !place.visitor().get("/sign-in").text.contains("/forgot"))
            #expect(try await place.visitor().get("/forgot").status == 404)
            #expect(try await place.rooms.parts.accounts.waitingMail().count == 0)
        }
    }
}
