import Foundation
import NIOCore
import Synchronization
import TestSupport
import Testing
import Uplink

@Suite struct FileTests {
    @Test(arguments: [0, 10, 4097, 500_000, 503_744, 503_745, 3_000_000])
    func `a file comes back with its content and time`(_ size: Int) async throws {
        let bench = try await ContentBench()
        try await withTemporaryFolder { folder in
            let source = folder.appending(path: "source").path
            let target = folder.appending(path: "target").path
            let content = pattern(size)
            try Data(content).write(to: URL(fileURLWithPath: source))
            let object = try await bench.project.upload(file: source, bucket: bench.bucket, key: "key")
            #expect(object.size == Int64(size))
            let modified = try FileFingerprint(path: source).modified
            #expect(object.metadata["rclone:mtime"] == ModificationTime.text(modified))
            let last = Mutex(TransferProgress(bytes: -1, total: nil))
            try await bench.project.download(
                bucket: bench.bucket, key: "key", toFile: target,
                progress: { progress in last.withLock { $0 = progress } })
            #expect(try Data(contentsOf: URL(fileURLWithPath: target)) == Data(content))
            #expect(try FileFingerprint(path: target).modified == modified)
            let seen = last.withLock { $0 }
            #expect(seen == TransferProgress(bytes: Int64(size), total: Int64(size)))
            #expect(try names(folder) == ["source", "target"])
        }
    }

    @Test func `a source that changes while it is read is not stored`() async throws {
        let bench = try await ContentBench()
        try await withTemporaryFolder { folder in
            let url = folder.appending(path: "source")
            try Data(pattern(3_000_000)).write(to: url)
            let changed = await code {
                try await bench.project.upload(file: url.path, bucket: bench.bucket, key: "key") { progress in
                    guard progress.bytes > 1_000_000, let handle = try? FileHandle(forUpdating: url) else { return }
                    handle.seekToEndOfFile()
                    handle.write(Data([1]))
                    try? handle.close()
                }
            }
            #expect(changed == .sourceChanged)
            try Data(pattern(3_000_000)).write(to: url)
            let shortened = await code {
                try await bench.project.upload(file: url.path, bucket: bench.bucket, key: "key") { progress in
                    if progress.bytes > 500_000 { truncate(url.path, 1_500_000) }
                }
            }
            #expect(shortened == .sourceChanged)
            #expect(await code { _ = try await bench.get("key") } == .objectNotFound)
            #expect(try await bench.pendingKeys().isEmpty)
        }
    }

    @Test func `what cannot be read or written is named`() async throws {
        let bench = try await ContentBench()
        try await bench.put(pattern(10), "small")
        try await bench.put(pattern(2_000_000), "large")
        try await withTemporaryFolder { folder in
            for path in [folder.path, folder.appending(path: "none").path, "/dev/null"] {
                #expect(
                    await code { try await bench.project.upload(file: path, bucket: bench.bucket, key: "key") }
                        == .fileSystem)
            }
            try Data([1]).write(to: folder.appending(path: "there"))
            for key in ["small", "large"] {
                for path in [folder.path, folder.appending(path: "none/target").path] {
                    #expect(
                        await code { try await bench.project.download(bucket: bench.bucket, key: key, toFile: path) }
                            == .fileSystem)
                }
                #expect(
                    await code {
                        try await bench.project.download(
                            bucket: bench.bucket, key: key, toFile: folder.appending(path: "there").path,
                            fileOptions: FileDownloadOptions(overwrites: false))
                    } == .fileSystem)
            }
            #expect(try names(folder) == ["there"])
        }
    }

    @Test func `links are followed and devices are not replaced`() async throws {
        let bench = try await ContentBench()
        try await bench.put(pattern(10), "key")
        try await withTemporaryFolder { folder in
            let (target, link) = (folder.appending(path: "target"), folder.appending(path: "link"))
            try Data([1]).write(to: target)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
            try await bench.project.download(bucket: bench.bucket, key: "key", toFile: link.path)
            #expect(try Data(contentsOf: target) == Data(pattern(10)))
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == target.path)
            #expect(mkfifo(folder.appending(path: "pipe").path, 0o600) == 0)
            let refused = await code {
                try await bench.project.download(
                    bucket: bench.bucket, key: "key", toFile: folder.appending(path: "pipe").path)
            }
            #expect(refused == .fileSystem)
            #expect(try names(folder) == ["link", "pipe", "target"])
        }
    }

    @Test func `a download that fails leaves nothing`() async throws {
        let bench = try await ContentBench()
        try await bench.put(pattern(3_000_000), "key")
        for node in bench.nodes { node.isCorrupt = true }
        try await withTemporaryFolder { folder in
            let target = folder.appending(path: "target").path
            #expect(
                await code { try await bench.project.download(bucket: bench.bucket, key: "key", toFile: target) }
                    == .corruptData)
            let left = try names(folder)
            #expect(left.isEmpty)
        }
    }

    @Test func `an interrupted download is continued`() async throws {
        let bench = try await ContentBench()
        let content = pattern(20_000_000)
        try await bench.put(content, "key")
        try await withTemporaryFolder { folder in
            let target = folder.appending(path: "target").path
            let options = FileDownloadOptions(resumes: true)
            // Half-way all nodes fail.
            let interrupted = await code {
                try await bench.project.download(
                    bucket: bench.bucket, key: "key", toFile: target, fileOptions: options
                ) { if $0.bytes > 5_000_000 { for node in bench.nodes { node.isCorrupt = true } } }
            }
            #expect(interrupted == .corruptData)
            #expect(try names(folder) == [".target.storj-part", ".target.storj-state"])
            for node in bench.nodes { node.isCorrupt = false }
            let resumed = Mutex<Int64>(0)
            try await bench.project.download(
                bucket: bench.bucket, key: "key", toFile: target, fileOptions: options
            ) { progress in resumed.withLock { $0 = progress.resumed } }
            let continued = resumed.withLock { $0 }
            #expect(continued >= 5_000_000)
            #expect(try Data(contentsOf: URL(fileURLWithPath: target)) == Data(content))
            #expect(try names(folder) == ["target"])
        }
    }

    @Test func `what is left of another content is not continued`() async throws {
        let bench = try await ContentBench()
        try await bench.put(pattern(20_000_000, seed: 1), "key")
        try await withTemporaryFolder { folder in
            let target = folder.appending(path: "target").path
            let options = FileDownloadOptions(resumes: true)
            _ = await code {
                try await bench.project.download(
                    bucket: bench.bucket, key: "key", toFile: target, fileOptions: options
                ) { if $0.bytes > 5_000_000 { for node in bench.nodes { node.isCorrupt = true } } }
            }
            for node in bench.nodes { node.isCorrupt = false }
            let next = pattern(20_000_000, seed: 2)
            try await bench.put(next, "key")
            try await bench.project.download(bucket: bench.bucket, key: "key", toFile: target, fileOptions: options)
            #expect(try Data(contentsOf: URL(fileURLWithPath: target)) == Data(next))
            #expect(try names(folder) == ["target"])
        }
    }

    @Test func `a pipe becomes an object and an object a pipe`() async throws {
        let bench = try await ContentBench()
        let content = pattern(1_200_000)
        let pipe = Pipe()
        let writer = Task.detached {
            pipe.fileHandleForWriting.write(Data(content))
            try pipe.fileHandleForWriting.close()
        }
        try await bench.project.upload(
            descriptor: pipe.fileHandleForReading.fileDescriptor, bucket: bench.bucket, key: "key")
        try await writer.value
        #expect(try await bench.get("key") == content)
        let back = Pipe()
        let reader = Task.detached { try back.fileHandleForReading.readToEnd() }
        try await bench.project.download(
            bucket: bench.bucket, key: "key", toDescriptor: back.fileHandleForWriting.fileDescriptor)
        try back.fileHandleForWriting.close()
        #expect(try await reader.value == Data(content))
    }

    private func names(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }
}
