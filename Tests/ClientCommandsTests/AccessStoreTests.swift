import ClientCommands
import Foundation
import TestSupport
import Testing

@Suite struct AccessStoreTests {
    private func mode(_ url: URL) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: url.path)
        return try #require(attributes[.posixPermissions] as? Int) & 0o777
    }

    @Test func `saved grants are for their owner's eyes only`() async throws {
        try await withTemporaryFolder { (folder: URL) async throws in
            let place = folder.appending(path: "new/storj", directoryHint: .isDirectory)
            let store = AccessStore(folder: place)
            #expect(try store.read() == .empty)
            _ = try store.save("text", as: try AccessName.parse("main"), replaces: false)
            #expect(try mode(place) == 0o700)
            #expect(try mode(store.file) == 0o600)
            #expect(try store.read() == AccessStore.Content(default: "main", accesses: ["main": "text"]))
        }
    }

    @Test(arguments: [0o640, 0o604, 0o644, 0o660]) func `a store that others may read is refused`(mode: Int)
        async throws
    {
        try await withTemporaryFolder { (folder: URL) async throws in
            let store = AccessStore(folder: folder)
            _ = try store.save("text", as: try AccessName.parse("main"), replaces: false)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: store.file.path)
            let error = #expect(throws: CommandFailure.self) { try store.read() }
            #expect(error?.status == .denied)
            #expect(error?.advice.contains("chmod 600") == true)
            #expect(throws: CommandFailure.self) {
                try store.save("other", as: try AccessName.parse("x"), replaces: false)
            }
        }
    }

    @Test func `a damaged store is left as it is, and its content is not repeated`() async throws {
        try await withTemporaryFolder { (folder: URL) async throws in
            let store = AccessStore(folder: folder)
            _ = try store.save("text", as: try AccessName.parse("main"), replaces: false)
            let damaged = Data("{\"accesses\": {\"main\": 1secret".utf8)
            let handle = try FileHandle(forWritingTo: store.file)
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: damaged)
            try handle.close()
            let error = #expect(throws: CommandFailure.self) {
                try store.save("x", as: try AccessName.parse("y"), replaces: false)
            }
            #expect(error?.description.contains("secret") == false)
            #expect(try Data(contentsOf: store.file) == damaged)
        }
    }

    @Test func `the first saved grant is the default and others are not`() async throws {
        try await withTemporaryFolder { (folder: URL) async throws in
            let store = AccessStore(folder: folder)
            #expect(try store.save("1", as: try AccessName.parse("a"), replaces: false))
            #expect(!(try store.save("2", as: try AccessName.parse("b"), replaces: false)))
            #expect(try store.save("3", as: try AccessName.parse("c"), replaces: false, makesDefault: true))
            #expect(try store.read().default == "c")
        }
    }

    @Test func `a taken name is kept unless replacing is asked for`() async throws {
        try await withTemporaryFolder { (folder: URL) async throws in
            let store = AccessStore(folder: folder)
            let name = try AccessName.parse("main")
            _ = try store.save("1", as: name, replaces: false)
            #expect(throws: CommandFailure.self) { try store.save("2", as: name, replaces: false) }
            _ = try store.save("1", as: name, replaces: false)
            _ = try store.save("2", as: name, replaces: true)
            #expect(try store.read().accesses == ["main": "2"])
        }
    }

    @Test func `processes that save at the same time lose nothing`() async throws {
        try await withTemporaryFolder { (folder: URL) async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<20 {
                    group.addTask {
                        _ = try AccessStore(folder: folder).save(
                            "\(index)", as: try AccessName.parse("name\(index)"), replaces: false)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try AccessStore(folder: folder).read().accesses.count == 20)
        }
    }

    @Test(arguments: ["", "-x", "a b", "a/b", "ä", "a\n", String(repeating: "x", count: 65)])
    func `names that could be something else are refused`(text: String) {
        #expect(AccessName(text) == nil)
    }

    @Test func `a grant in the place of a name is not repeated`() throws {
        let grant = try GoldenGrants.root()
        let text = mistake("access", "use", grant)
        #expect(text != nil)
        #expect(mistake("access", "use", grant + "!")?.contains(grant) == false)
    }
}
