import Accounts
import Database
import Logging
import StorageModel
import TestSupport
import Testing

@Suite struct SignInTests {
    /// Accounts with one customer, whose password is `password`.
    private struct Bench {
        let clock = TestClock()
        let accounts: Accounts
        let user: User
        static let password = "correct horse battery"

        init() async throws {
            accounts = Accounts(
                database: try Database.open(.memory), settings: AccountsSettings(), clock: clock.wallClock,
                random: .seeded(1), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            try await accounts.migrate()
            user = try await accounts.signUp(email: " Ada@Example.test ", name: "Ada", password: Self.password)
        }

        func signIn(_ password: String = Bench.password, code: String? = nil) async throws -> SignInOutcome {
            try await accounts.signIn(email: "ADA@example.test", password: password, code: code)
        }
    }

    @Test func `the right password signs in, whatever the case of the address`() async throws {
        let bench = try await Bench()
        #expect(bench.user.email == "ada@example.test")
        #expect(try await bench.signIn() == .signedIn(bench.user))
        #expect(try await bench.signIn("correct horse batterx") == .refused)
        #expect(try await bench.accounts.signIn(email: "bob@example.test", password: "x", code: nil) == .refused)
    }

    @Test func `an account that is guessed at is locked, longer each time, and opens again`() async throws {
        let bench = try await Bench()
        for _ in 0..<5 { #expect(try await bench.signIn("wrong") == .refused) }
        guard case .locked(let first) = try await bench.signIn() else {
            Issue.record("the right password does not open a locked account")
            return
        }
        #expect(first.duration(since: bench.clock.wallClock.now()) == .seconds(30))
        bench.clock.advance(by: .seconds(31))
        #expect(try await bench.signIn("wrong") == .refused)
        guard case .locked(let second) = try await bench.signIn() else {
            Issue.record("one more wrong answer locks again")
            return
        }
        #expect(second.duration(since: bench.clock.wallClock.now()) == .seconds(60))
        bench.clock.advance(by: .seconds(61))
        #expect(try await bench.signIn() == .signedIn(bench.user))
        #expect(try await bench.signIn("wrong") == .refused)
        #expect(try await bench.signIn() == .signedIn(bench.user))
    }

    @Test func `a disabled account does not sign in, and its sessions end`() async throws {
        let bench = try await Bench()
        let digest = Bytes32(words: [1, 2, 3, 4])
        try await bench.accounts.beginSession(digest, of: bench.user.id, address: "127.0.0.1", agent: "test")
        try await bench.accounts.setDisabled(true, user: bench.user.id)
        #expect(try await bench.signIn() == .refused)
        #expect(try await bench.accounts.session(digest) == nil)
    }

    @Test func `passwords that are too short are refused, and a new one ends all sessions`() async throws {
        let bench = try await Bench()
        await #expect(throws: AccountsError.self) { try await bench.accounts.setPassword("short", of: bench.user.id) }
        let digest = Bytes32(words: [1, 2, 3, 4])
        try await bench.accounts.beginSession(digest, of: bench.user.id, address: "127.0.0.1", agent: "test")
        try await bench.accounts.setPassword("another password", of: bench.user.id)
        #expect(try await bench.accounts.session(digest) == nil)
        #expect(try await bench.signIn() == .refused)
        #expect(try await bench.signIn("another password") == .signedIn(bench.user))
    }

    // MARK: Codes of a phone

    /// Appendix B of RFC 6238, the SHA-1 rows, cut to six digits.
    @Test(arguments: [
        (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
        (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ])
    func `codes are those of RFC 6238`(_ seconds: Int64, _ code: String) throws {
        let time = try #require(Timestamp(seconds: seconds, nanoseconds: 0))
        #expect(OneTimeCode(secret: Array("12345678901234567890".utf8)).code(step: OneTimeCode.step(at: time)) == code)
    }

    @Test func `with codes on, the password alone does not sign in, and a code does once`() async throws {
        let bench = try await Bench()
        let phone = try await bench.accounts.beginCode(of: bench.user.id)
        #expect(try await bench.signIn() == .signedIn(bench.user), "not asked for before the first one was shown")
        func code() -> String { phone.code(step: OneTimeCode.step(at: bench.clock.wallClock.now())) }
        await #expect(throws: AccountsError.self) { _ = try await bench.accounts.confirmCode("000000x", of: bench.user.id) }
        let recovery = try await bench.accounts.confirmCode(code(), of: bench.user.id)
        #expect(recovery.count == 10)
        #expect(try await bench.signIn() == .codeNeeded)
        #expect(try await bench.signIn(code: code()) == .refused, "the code that was used once")
        bench.clock.advance(by: .seconds(60))
        #expect(try await bench.signIn(code: code()) == .signedIn(bench.user))
        #expect(try await bench.signIn(code: recovery[0].uppercased()) == .signedIn(bench.user))
        #expect(try await bench.signIn(code: recovery[0]) == .refused, "a recovery code that was used")
        #expect(try await bench.accounts.signInState(of: bench.user.id).recoveryCodes == 9)
        try await bench.accounts.endCode(of: bench.user.id)
        #expect(try await bench.signIn() == .signedIn(bench.user))
    }

    // MARK: Sessions

    @Test func `a session ends when it is idle, over or ended, and is nobody else's to end`() async throws {
        let bench = try await Bench()
        let (accounts, user) = (bench.accounts, bench.user)
        let digests = (1...3).map { Bytes32(words: [$0, 0, 0, 0]) }
        for digest in digests { try await accounts.beginSession(digest, of: user.id, address: "127.0.0.1", agent: "test") }
        #expect(try await accounts.sessions(of: user.id).count == 3)
        let other = try await accounts.signUp(email: "eve@example.test", name: "Eve", password: Bench.password)
        #expect(try await !accounts.endSession(digests[0], of: other.id))
        #expect(try await accounts.endSession(digests[0], of: user.id))
        #expect(try await accounts.session(digests[0]) == nil)
        for _ in 0..<4 {
            bench.clock.advance(by: .seconds(6 * 3600))
            #expect(try await accounts.session(digests[1])?.user == user)
        }
        #expect(try await accounts.session(digests[2]) == nil, "idle for a day")
        for _ in 0..<130 {
            bench.clock.advance(by: .seconds(6 * 3600))
            _ = try await accounts.session(digests[1])
        }
        #expect(try await accounts.session(digests[1]) == nil, "a month is over")
    }

    // MARK: Members

    @Test func `an invitation makes a member of whom it was for, once`() async throws {
        let bench = try await Bench()
        let (accounts, owner) = (bench.accounts, bench.user)
        let project = try await accounts.createProject(name: "engine", owner: owner.id)
        let eve = try await accounts.signUp(email: "eve@example.test", name: "Eve", password: Bench.password)
        #expect(try await accounts.membership(of: eve.id, in: project.publicID) == nil)
        let secret = try await accounts.invite("Eve@example.test", as: .member, to: project.id, by: owner.id)
        #expect(try await accounts.invitation(secret)?.role == .member)
        await #expect(throws: AccountsError.self) { try await accounts.accept(secret, as: owner) }
        try await accounts.accept(secret, as: eve)
        await #expect(throws: AccountsError.self) { try await accounts.accept(secret, as: eve) }
        #expect(try await accounts.membership(of: eve.id, in: project.publicID)?.role == .member)
        #expect(try await accounts.memberships(of: eve.id).map(\.project) == [project])
        #expect(try await accounts.members(of: project.id).map(\.role) == [.owner, .member])
        try await accounts.setRole(.viewer, of: eve.id, in: project.id)
        await #expect(throws: AccountsError.self) { try await accounts.setRole(.owner, of: eve.id, in: project.id) }
        await #expect(throws: AccountsError.self) { try await accounts.removeMember(owner.id, from: project.id) }
        try await accounts.removeMember(eve.id, from: project.id)
        #expect(try await accounts.membership(of: eve.id, in: project.publicID) == nil)
    }

    @Test func `an invitation ends after a week, and when it is taken back`() async throws {
        let bench = try await Bench()
        let project = try await bench.accounts.createProject(name: "engine", owner: bench.user.id)
        let first = try await bench.accounts.invite("a@example.test", as: .viewer, to: project.id, by: bench.user.id)
        try await bench.accounts.withdraw(invitationOf: "a@example.test", to: project.id)
        #expect(try await bench.accounts.invitation(first) == nil)
        let second = try await bench.accounts.invite("a@example.test", as: .viewer, to: project.id, by: bench.user.id)
        bench.clock.advance(by: .seconds(7 * 86_400 + 1))
        #expect(try await bench.accounts.invitation(second) == nil)
    }

    @Test func `what was done is told newest first, by account and by subject`() async throws {
        let bench = try await Bench()
        for number in 1...3 {
            try await bench.accounts.note("key.create", subject: "project-\(number)", by: bench.user, from: "127.0.0.1")
        }
        try await bench.accounts.note("sign-in.refused", subject: "x", by: nil, email: "x@y", from: "10.0.0.1")
        let all = try await bench.accounts.auditLog(limit: 10)
        #expect(all.map(\.subject) == ["x", "project-3", "project-2", "project-1"])
        #expect(try await bench.accounts.auditLog(before: all[1].number, limit: 10).count == 2)
        #expect(try await bench.accounts.auditLog(actor: bench.user.id, limit: 2).map(\.subject) == ["project-3", "project-2"])
        #expect(try await bench.accounts.auditLog(subject: "x", limit: 2).first?.actorEmail == "x@y")
    }
}
