import ClientCommands
import Foundation
import Installation
import TestSupport
import Testing
import Uplink

@Suite struct ClientSettingsTests {
    @Test func `flags count before variables, variables before the file, the file before defaults`() async throws {
        try await withTemporaryFolder { (folder: URL) async throws in
            func parallelism(_ flags: [String: String] = [:], _ variables: [String: String] = [:]) throws -> Int {
                let environment = CommandEnvironment(variables: variables, now: { CommandRunner.now })
                return try ClientSettings(flags: flags, environment: environment, folder: folder).parallelism
            }
            #expect(try parallelism() == 8)
            try Data("{\"parallelism\": 3}".utf8).write(to: folder.appending(path: "config.json"))
            #expect(try parallelism() == 3)
            #expect(try parallelism([:], ["STORJ_PARALLELISM": "4"]) == 4)
            #expect(try parallelism([:], ["STORJ_PARALLELISM": ""]) == 3)
            #expect(try parallelism(["parallelism": "5"], ["STORJ_PARALLELISM": "4"]) == 5)
        }
    }

    @Test(arguments: [
        ["parallelism": "0"], ["parallelism": "many"], ["log_level": "loud"], ["memory": "-1"], ["memory": "1KiB"], ["dial_timeout": "10"],
        ["no_such_setting": "1"],
    ])
    func `a setting that makes no sense is refused by name`(flags: [String: String]) async throws {
        try await withTemporaryFolder { (folder: URL) async throws in
            let error = #expect(throws: SettingsError.self) {
                try ClientSettings(
                    flags: flags, environment: CommandEnvironment(now: { CommandRunner.now }), folder: folder)
            }
            #expect(error?.description.contains(flags.keys.first ?? "?") == true)
        }
    }

    @Test func `memory is left to the library unless it is set`() async throws {
        try await withTemporaryFolder { (folder: URL) async throws in
            let environment = CommandEnvironment(now: { CommandRunner.now })
            let settings = try ClientSettings(flags: [:], environment: environment, folder: folder)
            #expect(settings.configuration.memoryBudget == Configuration().memoryBudget)
            let set = try ClientSettings(flags: ["memory": "2MiB"], environment: environment, folder: folder)
            #expect(set.configuration.memoryBudget == 2 << 20)
        }
    }

    @Test func `the folder is the flag's, the variable's, XDG's or the home's`() throws {
        func path(_ flag: String?, _ variables: [String: String]) throws -> String {
            try ClientFolder.url(
                flag: flag, environment: CommandEnvironment(variables: variables, now: { CommandRunner.now })
            ).path
        }
        let all = ["STORJ_CONFIG_DIR": "/variable", "XDG_CONFIG_HOME": "/xdg", "HOME": "/home"]
        #expect(try path("/flag", all) == "/flag")
        #expect(try path(nil, all) == "/variable")
        #expect(try path(nil, ["XDG_CONFIG_HOME": "/xdg", "HOME": "/home"]) == "/xdg/storj")
        #expect(try path(nil, ["XDG_CONFIG_HOME": "relative", "HOME": "/home"]) == "/home/.config/storj")
        #expect(throws: CommandFailure.self) { try path(nil, [:]) }
    }

    @Test func `settings are changed, checked, and printed without secrets`() async throws {
        try await withTemporaryFolder { (folder: URL) async throws in
            let storj = CommandRunner(folder: folder)
            #expect(try await storj.run("config", "set", "parallelism", "16").status == .success)
            #expect(try await storj.run("config", "set", "parallelism", "none").status == .settings)
            #expect(try await storj.run("config", "set", "colour", "red").status == .settings)
            #expect(try await storj.run("config", "set", "access", "secret").status == .success)
            let list = try await storj.run("config", "list", "--json").output
            #expect(list.contains(#"{"key":"parallelism","origin":""#))
            #expect(list.contains(#""value":"16"}"#))
            #expect(!list.contains("secret"))
            #expect(try await storj.run("config", "unset", "parallelism").status == .success)
            #expect(try await storj.run("config", "list").output.contains("parallelism = 8"))
        }
    }

    @Test func `a broken settings file ends every command with its own status`() async throws {
        try await withTemporaryFolder { (folder: URL) async throws in
            try Data("{".utf8).write(to: folder.appending(path: "config.json"))
            let result = try await CommandRunner(folder: folder).run("ls")
            #expect(result.status == .settings)
            #expect(result.messages.contains("config.json"))
        }
    }
}
