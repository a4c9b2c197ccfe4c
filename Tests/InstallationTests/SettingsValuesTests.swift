import Foundation
import Installation
import TestSupport
import Testing

@Suite struct SettingsValuesTests {
    private let definitions: [SettingDefinition] = [
        .init("address", .text, default: "127.0.0.1:1", "where"),
        .init("node.window", .duration, default: "4h", "how long"),
        .init("token", .text, default: "", secret: true, "a secret"),
        .init("space", .bytes, default: "1TB", "how much"),
    ]

    private func resolve(
        flags: [String: String] = [:], environment: [String: String] = [:], file: URL? = nil
    ) throws -> SettingsValues {
        try SettingsValues(
            program: "satellite", definitions: definitions, flags: flags, environment: environment, file: file)
    }

    @Test func `flags win over the environment, the environment over the file, the file over defaults`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "settings.json")
            try Data(#"{"address":"file:1","node":{"window":"1h"},"space":"2TB","token":"file"}"#.utf8).write(to: file)
            let values = try resolve(
                flags: ["address": "flag:1"],
                environment: ["STORJ_SATELLITE_ADDRESS": "env:1", "STORJ_SATELLITE_NODE_WINDOW": "2h"], file: file)
            #expect(values.text("address") == "flag:1")
            #expect(values.duration("node.window") == .seconds(7200))
            #expect(values.bytes("space") == 2_000_000_000_000)
            #expect(try resolve().duration("node.window") == .seconds(4 * 3600))
        }
    }

    @Test func `an unknown key in the file is refused by name`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "settings.json")
            try Data(#"{"node":{"windw":"1h"}}"#.utf8).write(to: file)
            #expect(throws: SettingsError.unknownKey(key: "node.windw", origin: file.path)) {
                try resolve(file: file)
            }
        }
    }

    @Test func `a value of the wrong kind is refused with the place it came from`() throws {
        #expect(
            throws: SettingsError.badValue(
                key: "space", text: "lots", origin: "STORJ_SATELLITE_SPACE",
                expected: "a number of bytes such as 64MiB or 1TB")
        ) { try resolve(environment: ["STORJ_SATELLITE_SPACE": "lots"]) }
    }

    @Test func `a value that cannot be used is refused with the place it came from, and secrets are not told`() throws {
        let values = try resolve(flags: ["token": "hush"], environment: ["STORJ_SATELLITE_ADDRESS": "nowhere"])
        #expect(
            values.refusal(of: "address", expected: "a place")
                == .badValue(key: "address", text: "nowhere", origin: "STORJ_SATELLITE_ADDRESS", expected: "a place"))
        #expect(
            values.refusal(of: "token", expected: "long")
                == .badValue(key: "token", text: "…", origin: "the command line", expected: "long"))
    }

    @Test func `a file that is not a JSON object is refused`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "settings.json")
            try Data("[1,2".utf8).write(to: file)
            #expect(throws: SettingsError.notAnObject(path: file.path)) { try resolve(file: file) }
        }
    }

    @Test func `secrets are masked when settings are printed`() throws {
        let lines = try resolve(flags: ["token": "hunter2"]).lines.joined(separator: "\n")
        #expect(!lines.contains("hunter2"))
        #expect(lines.contains("token = ********"))
    }

    @Test func `sizes and durations that overflow are refused`() {
        #expect(SettingText.bytes("9999999999PB") == nil)
        #expect(SettingText.duration("99999999999999999999s") == nil)
        #expect(SettingText.bytes("64 MiB") == 64 << 20)
        #expect(SettingText.duration("5") == nil)
    }
}
