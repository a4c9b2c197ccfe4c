import ClientCommands
import Foundation
import TestSupport
import Testing
import Uplink

@Suite struct CheckpointStoreTests {
    private let target = RemotePath(bucket: "backups", key: "disk.img")

    private func checkpoint() throws -> UploadCheckpoint {
        let text = """
            {"upload": {"bucket": "backups", "key": "disk.img", "id": "abc"}, "partSize": 64, "keyCheck": "00",
             "source": {"size": 1, "modified": 2, "inode": 3, "device": 4}}
            """
        return try JSONDecoder().decode(UploadCheckpoint.self, from: Data(text.utf8))
    }

    @Test func `what was saved is there for the next run and gone after success`() async throws {
        try await withTemporaryFolder { folder in
            let store = CheckpointStore(folder: folder.appending(path: "state/uploads"))
            let checkpoint = try checkpoint()
            do {
                let slot = try store.slot(source: "/data/disk.img", target: target, grant: "grant")
                #expect(slot.load() == nil)
                try slot.save(checkpoint)
            }
            let slot = try store.slot(source: "/data/./disk.img", target: target, grant: "grant")
            #expect(slot.load() == checkpoint)
            slot.clear()
            #expect(slot.load() == nil)
        }
    }

    @Test func `another source, target or grant is another upload`() async throws {
        try await withTemporaryFolder { folder in
            let store = CheckpointStore(folder: folder)
            let slot = try store.slot(source: "/a", target: target, grant: "grant")
            try slot.save(checkpoint())
            #expect(try store.slot(source: "/b", target: target, grant: "grant").load() == nil)
            #expect(try store.slot(source: "/a", target: RemotePath(bucket: "backups", key: "x"), grant: "grant").load() == nil)
            #expect(try store.slot(source: "/a", target: target, grant: "other").load() == nil)
            #expect(slot.load() != nil)
        }
    }

    @Test func `only one process at a time holds an upload`() async throws {
        try await withTemporaryFolder { folder in
            let store = CheckpointStore(folder: folder)
            do {
                let slot = try store.slot(source: "/a", target: target, grant: "grant")
                #expect(throws: CommandFailure.self) { try store.slot(source: "/a", target: target, grant: "grant") }
                try slot.save(checkpoint())
            }
            #expect(try store.slot(source: "/a", target: target, grant: "grant").load() != nil)
        }
    }

    @Test func `only the owner can read what is kept, and the grant is not in it`() async throws {
        try await withTemporaryFolder { folder in
            let folder = folder.appending(path: "uploads")
            let slot = try CheckpointStore(folder: folder).slot(source: "/a", target: target, grant: "secret-grant")
            try slot.save(checkpoint())
            let manager = FileManager.default
            #expect(try manager.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int == 0o700)
            for name in try manager.contentsOfDirectory(atPath: folder.path) {
                let path = folder.appending(path: name).path
                #expect(try manager.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
                #expect(!(try String(contentsOfFile: path, encoding: .utf8)).contains("secret-grant"))
                #expect(!name.contains("secret"))
            }
        }
    }

    @Test func `a damaged checkpoint is none, and an empty slot leaves nothing`() async throws {
        try await withTemporaryFolder { folder in
            let store = CheckpointStore(folder: folder)
            do {
                let slot = try store.slot(source: "/a", target: target, grant: "grant")
                try slot.save(checkpoint())
                let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
                try Data("{".utf8).write(to: folder.appending(path: try #require(files.first)))
                #expect(slot.load() == nil)
                slot.clear()
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }
}
