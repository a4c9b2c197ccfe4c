import Foundation
import Identity
import Installation
import StorageModel
import TestSupport
import Testing

@Suite struct InstallationFilesTests {
    @Test func `an identity is made once and read back`() async throws {
        try await withTemporaryFolder { folder in
            let made = try await IdentityFiles.create(in: folder, difficulty: 10, tasks: 2, random: .system)
            #expect(made.id.difficulty >= 10)
            #expect(try IdentityFiles.load(from: folder).id == made.id)
            await #expect(throws: IdentityFiles.Failure.self) {
                try await IdentityFiles.create(in: folder, difficulty: 8, tasks: 1, random: .system)
            }
        }
    }

    @Test func `keys are readable by their owner only`() async throws {
        try await withTemporaryFolder { folder in
            _ = try await IdentityFiles.create(in: folder, difficulty: 8, tasks: 1, random: .system)
            for name in ["identity.key", "ca.key"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
        }
    }

    @Test func `a missing identity file is named`() async throws {
        try await withTemporaryFolder { folder in
            let error = #expect(throws: IdentityFiles.Failure.self) { try IdentityFiles.load(from: folder) }
            #expect(error?.description.contains("identity.cert") == true)
        }
    }

    @Test func `a ready file comes, is read, and goes`() async throws {
        try await withTemporaryFolder { folder in
            #expect(try ReadyFile.read(in: folder) == nil)
            let file = ReadyFile(id: "id", address: "127.0.0.1:1", admin: "http://127.0.0.1:2")
            try file.write(in: folder)
            #expect(try ReadyFile.read(in: folder) == file)
            try ReadyFile.remove(in: folder)
            try ReadyFile.remove(in: folder)
            #expect(try ReadyFile.read(in: folder) == nil)
        }
    }
}
