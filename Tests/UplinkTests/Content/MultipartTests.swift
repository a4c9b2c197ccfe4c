import Foundation
import NIOCore
import Synchronization
import TestSupport
import Testing
import Uplink

@Suite struct MultipartTests {
    private static let minimum = 5 << 20

    @Test func `parts in any order become an object in the order of their numbers`() async throws {
        let bench = try await ContentBench()
        let contents = [3: pattern(10, seed: 3), 1: pattern(Self.minimum, seed: 1), 2: pattern(Self.minimum, seed: 2)]
        let upload = try await bench.project.beginUpload(bucket: bench.bucket, key: "key")
        for (number, content) in contents {
            let part = try await bench.project.uploadPart(upload, number: number)
            try await part.write(ByteBuffer(bytes: content))
            try await part.commit(entityTag: Array("tag \(number)".utf8))
        }
        let parts = try await bench.project.parts(of: upload)
        #expect(parts.map(\.number) == [1, 2, 3])
        #expect(parts.map(\.size) == [Int64(Self.minimum), Int64(Self.minimum), 10])
        #expect(parts.map { String(decoding: $0.entityTag, as: UTF8.self) } == ["tag 1", "tag 2", "tag 3"])
        #expect(try await bench.project.parts(of: upload, after: 1).map(\.number) == [2, 3])
        #expect(try await bench.pendingKeys() == ["key"])
        let object = try await bench.project.commitUpload(upload, metadata: ["name": "value"])
        #expect(object.size == Int64(2 * Self.minimum + 10) && object.metadata == ["name": "value"])
        #expect(try await bench.get("key") == (1...3).flatMap { contents[$0] ?? [] })
        #expect(try await bench.pendingKeys().isEmpty)
    }

    @Test func `an upload found in a listing can be continued and aborted`() async throws {
        let bench = try await ContentBench()
        let begun = try await bench.project.beginUpload(bucket: bench.bucket, key: "key")
        var found: [MultipartUpload] = []
        for try await upload in bench.project.pendingUploads(bucket: bench.bucket) {
            found.append(MultipartUpload(upload))
        }
        #expect(found == [begun])
        let part = try await bench.project.uploadPart(found[0], number: 1)
        try await part.write(ByteBuffer(bytes: [1, 2, 3]))
        try await part.commit()
        try await bench.project.abortUpload(found[0])
        #expect(try await bench.pendingKeys().isEmpty)
        #expect(await code { _ = try await bench.project.commitUpload(begun) } == .uploadNotFound)
    }

    @Test func `impossible parts and ids are refused`() async throws {
        let bench = try await ContentBench()
        let upload = try await bench.project.beginUpload(bucket: bench.bucket, key: "key")
        for number in [-1, 0, 10_001] {
            #expect(await code { _ = try await bench.project.uploadPart(upload, number: number) } == .invalidArgument)
        }
        let other = MultipartUpload(bucket: bench.bucket, key: "key", id: "nonsense")
        #expect(await code { _ = try await bench.project.uploadPart(other, number: 1) } == .uploadNotFound)
        #expect(await code { _ = try await bench.project.parts(of: other) } == .uploadNotFound)
    }

    @Test func `a part can be sent again`() async throws {
        let bench = try await ContentBench()
        let upload = try await bench.project.beginUpload(bucket: bench.bucket, key: "key")
        for content in [pattern(20_000, seed: 1), pattern(10_000, seed: 2)] {
            let part = try await bench.project.uploadPart(upload, number: 1)
            try await part.write(ByteBuffer(bytes: content))
            try await part.commit()
        }
        try await bench.project.commitUpload(upload)
        #expect(try await bench.get("key") == pattern(10_000, seed: 2))
    }

    @Test(arguments: [0, 100, 10_000])
    func `a small file is stored like any other`(_ size: Int) async throws {
        let bench = try await ContentBench()
        try await withTemporaryFolder { folder in
            let url = folder.appending(path: "source")
            try Data(pattern(size)).write(to: url)
            let object = try await bench.project.upload(
                file: url.path, bucket: bench.bucket, key: "key", checkpoint: nil, save: { _ in })
            #expect(object.size == Int64(size) && object.metadata["rclone:mtime"] != nil)
            #expect(try await bench.get("key") == pattern(size))
        }
    }

    @Test func `an interrupted upload sends only what is missing`() async throws {
        let bench = try await ContentBench()
        try await withTemporaryFolder { folder in
            let url = folder.appending(path: "source")
            let content = pattern(130 << 20)
            try Data(content).write(to: url)
            let saved = Mutex<UploadCheckpoint?>(nil)
            // The nodes die when the first part is there.
            let interrupted = await code {
                try await bench.project.upload(
                    file: url.path, bucket: bench.bucket, key: "key", checkpoint: nil,
                    save: { checkpoint in
                        saved.withLock { $0 = checkpoint }
                        let part = try await bench.project.uploadPart(checkpoint.upload, number: 2)
                        try await part.write(ByteBuffer(bytes: content[(64 << 20)..<(128 << 20)]))
                        try await part.commit()
                        for node in bench.nodes { node.isDown = true }
                    })
            }
            #expect(interrupted == .notEnoughNodes)
            for node in bench.nodes { node.isDown = false }
            #expect(try await bench.pendingKeys() == ["key"])
            let text = try JSONEncoder().encode(saved.withLock { $0 })
            let last = Mutex(TransferProgress(bytes: 0, total: nil))
            try await bench.project.upload(
                file: url.path, bucket: bench.bucket, key: "key",
                checkpoint: try JSONDecoder().decode(UploadCheckpoint.self, from: text),
                save: { _ in Issue.record("nothing new begins") },
                progress: { progress in last.withLock { $0 = progress } })
            let seen = last.withLock { $0 }
            #expect(seen == TransferProgress(bytes: 130 << 20, total: 130 << 20, resumed: 64 << 20))
            #expect(try await bench.get("key") == content)
            #expect(try await bench.pendingKeys().isEmpty)
        }
    }

    @Test func `a checkpoint of another file is given up`() async throws {
        let bench = try await ContentBench()
        try await withTemporaryFolder { folder in
            let url = folder.appending(path: "source")
            try Data(pattern(10_000, seed: 1)).write(to: url)
            let saved = Mutex<[UploadCheckpoint]>([])
            for node in bench.nodes { node.isDown = true }
            _ = await code {
                try await bench.project.upload(
                    file: url.path, bucket: bench.bucket, key: "key", checkpoint: nil,
                    save: { checkpoint in saved.withLock { $0.append(checkpoint) } })
            }
            for node in bench.nodes { node.isDown = false }
            try Data(pattern(20_000, seed: 2)).write(to: url)
            try await bench.project.upload(
                file: url.path, bucket: bench.bucket, key: "key", checkpoint: saved.withLock { $0.first },
                save: { checkpoint in saved.withLock { $0.append(checkpoint) } })
            let begun = saved.withLock { Set($0.map(\.upload.id)) }
            #expect(begun.count == 2)
            #expect(try await bench.get("key") == pattern(20_000, seed: 2))
            #expect(try await bench.pendingKeys().isEmpty)
        }
    }

    @Test func `a checkpoint whose upload is gone is given up`() async throws {
        let bench = try await ContentBench()
        try await withTemporaryFolder { folder in
            let url = folder.appending(path: "source")
            try Data(pattern(10_000)).write(to: url)
            let saved = Mutex<UploadCheckpoint?>(nil)
            for _ in 0..<2 {
                // The first one is committed, so the second finds its upload gone.
                try await bench.project.upload(
                    file: url.path, bucket: bench.bucket, key: "key", checkpoint: saved.withLock { $0 },
                    save: { checkpoint in saved.withLock { $0 = checkpoint } })
            }
            #expect(try await bench.get("key") == pattern(10_000))
        }
    }

    @Test func `large files get larger parts`() {
        let segment: Int64 = 64 << 20
        #expect(Uplink.Project.partSize(of: 0) == segment)
        #expect(Uplink.Project.partSize(of: segment * 10_000) == segment)
        #expect(Uplink.Project.partSize(of: segment * 10_000 + 1) == 2 * segment)
    }
}
