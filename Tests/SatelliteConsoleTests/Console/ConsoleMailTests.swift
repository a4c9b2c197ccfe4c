import Accounts
import MailDoor
import SatelliteConsole
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import WebTesting

@Suite struct ConsoleMailTests {
    @Test func `who has not confirmed his address makes no project where that is demanded`() async throws {
        try await ConsolePlace.run(demands: true) { place in
            let ada = try await place.ada()
            #expect(try await ada.submit("/projects", [("name", "photos")]).status == 403)
            try await place.console.sendMail()
            #expect(place.postbox.mails.map(\.to.description) == ["ada@example.com"])
            let path = "/confirm/\(try place.postbox.secret("confirm"))"
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
        try await ConsolePlace.run { place in
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
            #expect(place.postbox.mails.map(\.subject).last == "A new password for Storj")
            #expect(place.postbox.mails.count == 2)
            let path = "/reset/\(try place.postbox.secret("reset"))"
            #expect(try await known.submit(path, [("password", "short")]).status == 422)
            #expect(try await known.submit(path, [("password", "a better one by far")]).status == 303)
            #expect(try await known.get(path).status == 404)
            try await place.console.sendMail()
            #expect(place.postbox.mails.last?.subject == "Your password for Storj is a new one")
        }
    }

    @Test func `mail waits for its server`() async throws {
        try await ConsolePlace.run { place in
            place.postbox.goAway(true)
            _ = try await place.ada()
            try await place.console.sendMail()
            #expect(place.postbox.mails.isEmpty)
            #expect(try await place.rooms.parts.accounts.waitingMail().problem != nil)
            place.postbox.goAway(false)
            try await place.console.sendMail()
            #expect(place.postbox.mails.isEmpty, "not before its time")
            place.rooms.satellite.clock.advance(by: .seconds(30))
            try await place.console.sendMail()
            #expect(place.postbox.mails.count == 1)
            #expect(try await place.rooms.parts.accounts.waitingMail().count == 0)
        }
    }

    @Test func `a console without mail offers none`() async throws {
        try await ConsolePlace.run(sendsMail: false, demands: true) { place in
            let ada = try await place.ada()
            #expect(try await ada.submit("/projects", [("name", "photos")]).status == 303)
            #expect(try await !place.visitor().get("/sign-in").text.contains("/forgot"))
            #expect(try await place.visitor().get("/forgot").status == 404)
            #expect(try await place.rooms.parts.accounts.waitingMail().count == 0)
        }
    }
}
