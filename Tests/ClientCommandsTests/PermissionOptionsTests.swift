import ArgumentParser
import ClientCommands
import Foundation
import Testing
import Uplink

@Suite struct PermissionOptionsTests {
    private func rights(_ flags: String...) throws -> Set<PermissionOptions.Right> {
        let command = try #require(
            try TestProgram.parseAsRoot(ClientProgram.normalized(["share", "sj://b"] + flags)) as? ShareCommand)
        return command.permissions.rights
    }

    @Test func `a share reads and lists unless flags say otherwise`() throws {
        #expect(try rights() == [.reads, .lists])
        #expect(try rights("--readonly") == [.reads, .lists])
        #expect(try rights("--writeonly") == [.writes, .deletes])
        #expect(try rights("--full") == [.reads, .writes, .lists, .deletes])
        #expect(try rights("--allow-writes") == [.reads, .writes, .lists])
        #expect(try rights("--disallow-lists") == [.reads])
        #expect(try rights("--full", "--disallow-deletes") == [.reads, .writes, .lists])
    }

    @Test func `flags with =true and =false mean what they mean in other tools`() throws {
        #expect(try rights("--readonly=false") == [.reads, .writes, .lists, .deletes])
        #expect(try rights("--readonly=true") == [.reads, .lists])
        #expect(try rights("--disallow-writes=false") == [.reads, .writes, .lists])
        #expect(try rights("--writeonly=false") == [.reads, .lists])
        #expect(ClientProgram.normalized(["ls", "--", "--readonly=false"]) == ["ls", "--", "--readonly=false"])
        #expect(
            ClientProgram.normalized(["--json=true", "--recursive=maybe"]) == ["--json=true", "--recursive=maybe"])
    }

    @Test func `contradictions are refused`() {
        #expect(mistake("share", "sj://b", "--readonly", "--writeonly") != nil)
        #expect(mistake("share", "sj://b", "--full", "--readonly") != nil)
        #expect(mistake("share", "sj://b", "--allow-reads", "--disallow-reads") != nil)
        #expect(mistake("share", "sj://b", "--disallow-reads", "--disallow-lists") != nil)
        #expect(mistake("share", "sj://") != nil)
        #expect(mistake("share") != nil)
    }

    @Test func `times and lifetimes become a permission`() throws {
        let command = try parse(
            ShareCommand.self, "share", "sj://b", "--not-before", "now", "--not-after", "+2h", "--max-object-ttl", "30d"
        )
        let permission = try command.permissions.permission(now: CommandRunner.now, timeZone: .gmt)
        #expect(permission.notBefore == CommandRunner.now)
        #expect(permission.notAfter == CommandRunner.now.addingTimeInterval(7200))
        #expect(permission.maximumObjectLifetime == .seconds(30 * 86_400))
        #expect(!permission.allowsPutRetention)
    }

    @Test(arguments: [
        ["--not-after", "soon"], ["--not-before", "+2h", "--not-after", "+1h"], ["--max-object-ttl", "0s"],
    ])
    func `times that make no sense are refused`(flags: [String]) throws {
        let command = try #require(try TestProgram.parseAsRoot(["share", "sj://b"] + flags) as? ShareCommand)
        #expect(throws: (any Error).self) { try command.permissions.permission(now: CommandRunner.now, timeZone: .gmt) }
    }

    @Test func `object lock is allowed only on request`() throws {
        let command = try parse(ShareCommand.self, "share", "sj://b", "--allow-object-lock")
        let permission = try command.permissions.permission(now: CommandRunner.now, timeZone: .gmt)
        #expect(permission.allowsPutRetention && permission.allowsGetLegalHold && permission.allowsBypassGovernance)
    }
}
