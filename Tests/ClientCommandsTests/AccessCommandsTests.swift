import ClientCommands
import Foundation
import TestSupport
import Testing
import Uplink

@Suite struct AccessCommandsTests {
    private func runner<Result>(_ body: (inout CommandRunner) async throws -> Result) async throws -> Result {
        try await withTemporaryFolder { (folder: URL) async throws in
            var runner = CommandRunner(folder: folder)
            return try await body(&runner)
        }
    }

    @Test func `grants are saved, listed, chosen, exported and forgotten`() async throws {
        let grant = try GoldenGrants.root()
        try await runner { (storj: inout CommandRunner) async throws in
            #expect(try await storj.run("access", "save", "main", grant).output == "Saved main, the default.\n")
            #expect(try await storj.run("access", "save", "other", grant).output == "Saved other.\n")
            #expect(try await storj.run("access", "use", "other").status == .success)
            let list = try await storj.run("access", "list")
            #expect(list.output.split(separator: "\n").count == 3)
            #expect(!list.output.contains(grant))
            let rows = try await storj.run("access", "list", "--json").output.split(separator: "\n")
            #expect(rows[1].hasPrefix(#"{"is_default":true,"name":"other","satellite":""#))
            #expect(try await storj.run("access", "export", "main").output == grant + "\n")
            #expect(
                try await storj.run("access", "remove", "other").output == "Removed other; there is no default now.\n")
            #expect(try await storj.run("access", "remove", "other").status == .notFound)
            #expect(try await storj.run("access", "use", "other").status == .notFound)
        }
    }

    @Test func `a grant comes from standard input, a file or an argument`() async throws {
        let grant = try GoldenGrants.root()
        try await runner { (storj: inout CommandRunner) async throws in
            storj.environment.readLine = { "  \(grant) " }
            #expect(try await storj.run("access", "save", "piped").status == .success)
            #expect(try await storj.run("access", "save", "dash", "-").status == .success)
            let file = storj.folder.appending(path: "grant.txt")
            #expect(try await storj.run("access", "export", "piped", file.path).status == .success)
            #expect(try String(contentsOf: file, encoding: .utf8) == grant + "\n")
            #expect(try await storj.run("access", "import", "filed", file.path).status == .success)
            #expect(
                try AccessStore(folder: storj.folder).read().accesses == [
                    "piped": grant, "dash": grant, "filed": grant,
                ])
        }
    }

    @Test func `an exported grant is for its owner's eyes only`() async throws {
        let grant = try GoldenGrants.root()
        try await runner { (storj: inout CommandRunner) async throws in
            _ = try await storj.run("access", "save", "main", grant)
            let file = storj.folder.appending(path: "grant.txt")
            _ = try await storj.run("access", "export", "main", file.path)
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `what is not a grant is refused and not repeated`() async throws {
        let broken = String(try GoldenGrants.root().dropLast(3))
        try await runner { (storj: inout CommandRunner) async throws in
            for arguments in [
                ["access", "save", "x", broken], ["access", "inspect", broken], ["ls", "--access", broken],
            ] {
                let result = try await storj.run(list: arguments)
                #expect(result.status == .denied)
                #expect(!result.messages.contains(broken))
            }
            #expect(try await storj.run("ls", "--access", "nobody").status == .denied)
            #expect(try await storj.run("ls").status == .denied)
        }
    }

    @Test func `the command line counts before the environment, that before the file, that before the default`()
        async throws
    {
        let grant = try GoldenGrants.root()
        let shares = try (0..<4).map { _ in try Access(grant).shared(.readOnly).text }
        try await runner { (storj: inout CommandRunner) async throws in
            func inUse(_ arguments: String...) async throws -> String? {
                let result = try await storj.run(list: ["access", "restrict", "--json"] + arguments)
                guard let data = result.output.data(using: .utf8), result.status == .success else { return nil }
                let access = try #require(try JSONDecoder().decode([String: String].self, from: data)["access"])
                // A restricted grant has the parent's restrictions before its own.
                let nonces = try Access(access).inspection.caveats.map(\.nonce)
                return try shares.first { try Access($0).inspection.caveats.map(\.nonce) == Array(nonces.dropLast()) }
            }
            _ = try await storj.run("access", "save", "saved", shares[0])
            #expect(try await inUse() == shares[0])
            try await storj.run("access", "save", "filed", shares[1]).expectSuccess()
            try await storj.run("config", "set", "access", "filed").expectSuccess()
            #expect(try await inUse() == shares[1])
            storj.environment.variables["STORJ_ACCESS"] = shares[2]
            #expect(try await inUse() == shares[2])
            #expect(try await inUse("--access", shares[3]) == shares[3])
            #expect(try await inUse("--access", "saved") == shares[0])
        }
    }

    @Test func `a share's last line is a grant that can do what was asked`() async throws {
        let grant = try GoldenGrants.root()
        try await runner { (storj: inout CommandRunner) async throws in
            storj.environment.variables["STORJ_ACCESS"] = grant
            let result = try await storj.run(
                "share", "sj://photos/2026/", "sj://music", "--not-after", "+7d", "--import-as", "friend", "--utc")
            #expect(result.status == .success)
            let lines = result.output.split(separator: "\n")
            let access = try Access(String(try #require(lines.last)))
            let inspection = access.inspection
            #expect(inspection.permission.allowsDownload && inspection.permission.allowsList)
            #expect(!inspection.permission.allowsUpload && !inspection.permission.allowsDelete)
            #expect(inspection.permission.notAfter == CommandRunner.now.addingTimeInterval(7 * 86_400))
            #expect(Set(inspection.prefixes.map(\.bucket)) == ["photos", "music"])
            #expect(result.output.contains("works until   2026-11-29 12:00:00"))
            #expect(try AccessStore(folder: storj.folder).read().accesses == ["friend": access.text])
        }
    }

    @Test func `a share of a share cannot do more`() async throws {
        let grant = try GoldenGrants.root()
        try await runner { (storj: inout CommandRunner) async throws in
            storj.environment.variables["STORJ_ACCESS"] = try Access(grant).shared(
                .readOnly, prefixes: [SharePrefix(bucket: "photos", prefix: "2026/")]
            ).text
            let beside = try await storj.run("share", "sj://music")
            #expect(beside.status == .denied)
            let within = try await storj.run("access", "restrict", "--full", "--prefix", "sj://photos/2026/summer/")
            let permission = try Access(within.output.trimmingCharacters(in: .newlines)).inspection.permission
            #expect(permission.allowsDownload && !permission.allowsUpload)
        }
    }

    @Test func `inspecting tells everything but secrets`() async throws {
        let grant = try GoldenGrants.root()
        try await runner { (storj: inout CommandRunner) async throws in
            for arguments in [["access", "inspect", grant], ["access", "inspect", grant, "--json"]] {
                let result = try await storj.run(list: arguments)
                #expect(result.status == .success)
                #expect(result.output.contains(try Access(grant).satellite))
                #expect(!result.output.contains(grant))
                #expect(!result.output.contains(try Access(grant).apiKey))
            }
        }
    }

    @Test func `a grant cannot revoke itself`() async throws {
        let grant = try GoldenGrants.root()
        try await runner { (storj: inout CommandRunner) async throws in
            let result = try await storj.run("access", "revoke", grant, "--access", grant)
            #expect(result.status == .usage)
        }
    }
}

extension CommandResult {
    /// Records an issue with what was said unless the command succeeded.
    func expectSuccess(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(status == .success, "\(messages)", sourceLocation: sourceLocation)
    }
}
