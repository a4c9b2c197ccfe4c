import Accounts
import Database
import Logging
import StorageModel
import TestSupport
import Testing

@Suite struct MailProofTests {
    /// Accounts with one customer, and the mail that was written to him.
    private struct Bench {
        let clock = TestClock()
        let accounts: Accounts
        let user: User

        init() async throws {
            accounts = Accounts(
                database: try Database.open(.memory), settings: AccountsSettings(), clock: clock.wallClock,
                random: .seeded(1), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            try await accounts.migrate()
            user = try await accounts.signUp(email: "ada@example.test", name: "Ada", password: "correct horse battery")
        }

        @discardableResult
        func mail(_ proof: MailProof) async throws -> Bool {
            try await accounts.mail(proof, to: user) { secret in
                OutgoingMail(to: "ada@example.test", subject: "\(proof)", text: secret, lifetime: proof.lifetime)
            }
        }

        /// The secrets that wait to be mailed, the oldest first.
        func secrets() async throws -> [String] { try await accounts.dueMail(limit: 100).map(\.text) }
    }

    @Test func `the mailed secret confirms the address, once`() async throws {
        let bench = try await Bench()
        #expect(try await !bench.accounts.signInState(of: bench.user.id).isAddressConfirmed)
        #expect(try await bench.mail(.address))
        let secret = try #require(try await bench.secrets().first)
        #expect(try await bench.accounts.holder(of: secret, .address) == bench.user)
        // It is good for nothing else.
        #expect(try await bench.accounts.holder(of: secret, .password) == nil)
        #expect(try await bench.accounts.confirmAddress(secret) == bench.user)
        #expect(try await bench.accounts.signInState(of: bench.user.id).isAddressConfirmed)
        await #expect(throws: AccountsError.self) { _ = try await bench.accounts.confirmAddress(secret) }
    }

    @Test func `a mailed secret sets a password, ends sessions and locks, and is then over`() async throws {
        let bench = try await Bench()
        let digest = Bytes32(words: [1, 2, 3, 4])
        try await bench.accounts.beginSession(digest, of: bench.user.id, address: "", agent: "")
        for _ in 0..<5 { _ = try await bench.accounts.signIn(email: bench.user.email, password: "wrong", code: nil) }
        try await bench.mail(.password)
        let secret = try #require(try await bench.secrets().first)
        await #expect(throws: AccountsError.self) { _ = try await bench.accounts.resetPassword(secret, to: "short") }
        _ = try await bench.accounts.resetPassword(secret, to: "a better one by far") { user in
            OutgoingMail(to: user.email, subject: "changed", text: "notice", lifetime: .seconds(60))
        }
        #expect(try await bench.accounts.session(digest) == nil)
        #expect(
            try await bench.accounts.signIn(email: bench.user.email, password: "a better one by far", code: nil)
                == .signedIn(bench.user))
        #expect(try await bench.accounts.signInState(of: bench.user.id).isAddressConfirmed)
        #expect(try await bench.secrets().last == "notice")
        await #expect(throws: AccountsError.self) { _ = try await bench.accounts.resetPassword(secret, to: "one more of them") }
    }

    @Test func `a secret ends with its time, with a newer one, and with its account`() async throws {
        let bench = try await Bench()
        try await bench.mail(.password)
        // Nobody fills a mailbox by asking often.
        #expect(try await !bench.mail(.password))
        bench.clock.advance(by: .seconds(121))
        #expect(try await bench.mail(.password))
        let secrets = try await bench.secrets()
        #expect(secrets.count == 2)
        #expect(try await bench.accounts.holder(of: secrets[0], .password) == nil)
        #expect(try await bench.accounts.holder(of: secrets[1], .password) == bench.user)
        bench.clock.advance(by: .seconds(3601))
        #expect(try await bench.accounts.holder(of: secrets[1], .password) == nil)
        // What nobody can use is not mailed any more.
        #expect(try await bench.secrets().isEmpty)
        #expect(try await bench.accounts.waitingMail().count == 0)
    }

    @Test func `a mail that is not taken is tried again, later each time`() async throws {
        let bench = try await Bench()
        try await bench.mail(.address)
        for pause in [30, 60, 120] {
            let mail = try #require(try await bench.accounts.dueMail(limit: 1).first)
            try await bench.accounts.postpone(mail, because: "the server is away")
            bench.clock.advance(by: .seconds(pause - 1))
            #expect(try await bench.accounts.dueMail(limit: 1).isEmpty)
            bench.clock.advance(by: .seconds(1))
        }
        #expect(try await bench.accounts.waitingMail().problem == "the server is away")
        let mail = try #require(try await bench.accounts.dueMail(limit: 1).first)
        #expect(mail.attempts == 3)
        try await bench.accounts.forgetMail(mail.number)
        #expect(try await bench.accounts.waitingMail().count == 0)
    }

    @Test func `an invitation and its mail are kept together`() async throws {
        let bench = try await Bench()
        let project = try await bench.accounts.createProject(name: "Engine", owner: bench.user.id)
        let secret = try await bench.accounts.invite("bob@example.test", as: .member, to: project.id, by: bench.user.id) { secret, project in
            OutgoingMail(to: "bob@example.test", subject: project.name, text: secret, lifetime: Accounts.invitationLifetime)
        }
        let mail = try #require(try await bench.accounts.dueMail(limit: 1).first)
        #expect(mail.to == "bob@example.test" && mail.subject == "Engine" && mail.text == secret)
    }
}
