import ArgumentParser
import ClientCommands
import Testing
import Uplink

@Suite struct CommandLineTests {
    @Test func `ls takes a place and the flags that other tools have`() throws {
        let command = try parse(
            ListCommand.self, "ls", "sj://b/a/", "-r", "-x", "--all-versions", "--encrypted", "--bytes", "--limit", "5",
            "--json", "--utc", "-a", "main", "--config-dir", "/x", "--log-level", "debug")
        #expect(command.place == RemotePath(bucket: "b", key: "a/"))
        #expect(command.recursive && command.expanded && command.allVersions && command.encrypted && command.bytes)
        #expect(command.limit == 5)
        #expect(command.client.json && command.client.utc && command.client.configFolder == "/x")
        #expect(command.client.flags == ["access": "main", "log_level": "debug"])
        #expect(try parse(ListCommand.self, "ls").place == nil)
        #expect(try parse(ListCommand.self, "ls", "--pending", "sj://b").pending)
    }

    @Test func `rm takes places and the flags that other tools have`() throws {
        let version = String(repeating: "0a", count: 16)
        let command = try parse(
            RemoveCommand.self, "rm", "sj://b/k", "--version-id", version, "-f", "--bypass-governance-retention", "-p",
            "3")
        #expect(command.versionId?.description == version)
        #expect(command.force && command.bypassesGovernance)
        #expect(command.flags == ["parallelism": "3"])
        let tree = try parse(
            RemoveCommand.self, "rm", "--recursive", "--dry-run", "--pending", "--encrypted", "sj://b", "sj://c/x")
        #expect(tree.places == [RemotePath(bucket: "b"), RemotePath(bucket: "c", key: "x")])
        #expect(tree.recursive && tree.dryRun && tree.pending && tree.encrypted)
    }

    @Test func `buckets are made and removed by name`() throws {
        let make = try parse(MakeBucketCommand.self, "mb", "sj://b", "--object-lock", "--placement", "eu")
        #expect(make.objectLock && make.placement == "eu")
        #expect(try parse(MakeBucketCommand.self, "mb", "sj://b", "--existing-ok").existingOk)
        let remove = try parse(
            RemoveBucketCommand.self, "rb", "sj://b", "--force", "--bypass-governance-retention", "--dry-run")
        #expect(remove.force && remove.bypassesGovernance && remove.dryRun)
    }

    @Test func `the other commands take their places`() throws {
        #expect(try parse(StatCommand.self, "stat", "sj://b/k", "--encrypted").encrypted)
        #expect(try parse(TreeCommand.self, "tree", "-L", "2", "--folders", "sj://b").depth == 2)
        let usage = try parse(DiskUsageCommand.self, "du", "-d", "3", "--all-versions", "--bytes", "sj://b")
        #expect(usage.depth == 3 && usage.allVersions && usage.bytes)
        #expect(try parse(DiskUsageCommand.self, "du", "-s").summarize)
        #expect(try parse(MetaGetCommand.self, "meta", "get", "sj://b/k", "name").entry == "name")
        #expect(try parse(MetaSetCommand.self, "meta", "set", "sj://b/k", "a=b", "--replace").replace)
        #expect(try parse(MetaRemoveCommand.self, "meta", "remove", "sj://b/k", "a", "b").entries == ["a", "b"])
        #expect(try parse(VersioningCommand.self, "versioning", "enable", "sj://b").action == .enable)
        #expect(try parse(LegalHoldCommand.self, "legal-hold", "on", "sj://b/k").action == .on)
        let retention = try parse(
            RetentionCommand.self, "retention", "set", "sj://b/k", "--mode", "governance", "--until", "+1d")
        #expect(retention.mode == "governance" && retention.until == "+1d")
    }

    @Test(arguments: [
        ["ls", "b"], ["ls", "--limit", "0"], ["ls", "--pending"], ["ls", "--pending", "--all-versions", "sj://b"],
        ["ls", "sj://a", "sj://b"], ["ls", "--nonsense"], ["rm"], ["rm", "sj://b"], ["rm", "-r", "sj://"],
        ["rm", "--pending", "--all-versions", "-r", "sj://b"], ["rm", "--version-id", "xyz", "sj://b/k"],
        ["rm", "--version-id", "00000000000000000000000000000000", "sj://b/k", "sj://b/l"], ["mb", "sj://b/k"],
        ["mb", "sj://"],
        ["mb", "sj://b", "--existing-ok", "--object-lock"], ["rb", "sj://b/k"],
        ["rb", "sj://b", "--bypass-governance-retention"],
        ["stat"], ["stat", "sj://b", "--version-id", "00000000000000000000000000000000"],
        ["du", "--depth", "-1", "sj://b"],
        ["du", "--depth", "x"], ["tree", "--depth", "0"], ["meta", "get", "sj://b"], ["meta", "set", "sj://b/k"],
        ["meta", "set", "sj://b/k", "novalue"], ["meta", "remove", "sj://b/k"], ["versioning", "maybe", "sj://b"],
        ["versioning", "get", "sj://b/k"], ["retention", "set", "sj://b/k"],
        ["retention", "get", "sj://b/k", "--mode", "compliance"],
        ["retention", "set", "sj://b/k", "--mode", "soft", "--until", "+1d"], ["legal-hold", "get", "sj://b"],
        ["access", "save", "no/name"], ["access", "restrict", "--prefix", "photos"], ["nonsense"],
    ])
    func `a wrong command line ends with 64 and words`(arguments: [String]) {
        do {
            _ = try TestProgram.parseAsRoot(arguments)
            Issue.record("parsed")
        } catch {
            #expect(TestProgram.exitCode(for: error).rawValue == ExitStatus.usage.rawValue)
            #expect(!TestProgram.fullMessage(for: error).isEmpty)
        }
    }

    @Test func `every command explains itself with an example`() {
        func check(_ commands: [any ParsableCommand.Type], _ path: String) {
            for command in commands {
                let configuration = command.configuration
                let name = "\(path) \(configuration.commandName ?? "?")"
                #expect(configuration.abstract.hasSuffix("."), "\(name)")
                if name != " config list" { #expect(configuration.discussion.contains("Example"), "\(name)") }
                #expect(!command.helpMessage().isEmpty)
                check(configuration.subcommands, name)
            }
        }
        check(ClientProgram.subcommands, "")
    }

    @Test func `completion scripts offer the commands and ask for saved names`() {
        for shell in [CompletionShell.bash, .zsh, .fish] {
            let script = TestProgram.completionScript(for: shell)
            for name in ["ls", "rm", "access", "share"] { #expect(script.contains(name)) }
            #expect(script.contains("---completion"))
        }
    }
}
