import Foundation
import NIOCore
import TestSupport
import Testing
import Uplink

@Suite struct RoundTripTests {
    @Test(arguments: [
        0, 1, 2, 4095, 4096, 4097, 7403, 7404, 7405, 7407, 7408, 7409, 14_811, 14_812, 14_813, 14_816, 100_000,
        1_048_576,
    ])
    func `small objects come back as they were`(_ size: Int) async throws {
        let bench = try await ContentBench()
        let content = pattern(size)
        let object = try await bench.put(content, "a/b", options: UploadOptions(metadata: ["name": "värde"]))
        #expect(object.size == Int64(size) && object.metadata == ["name": "värde"])
        #expect(try await bench.get("a/b") == content)
        #expect(try await bench.project.object(bucket: bench.bucket, key: "a/b").size == Int64(size))
        #expect(try await bench.pendingKeys().isEmpty)
        // What is small never leaves the satellite.
        #expect(bench.nodes.allSatisfy { $0.uploadCount == 0 } == (size <= 4096))
    }

    @Test(arguments: [(64 << 20) - 1, 64 << 20, (64 << 20) + 1, (64 << 20) + 5000, 130 << 20])
    func `objects around and beyond one segment come back as they were`(_ size: Int) async throws {
        let bench = try await ContentBench()
        let content = pattern(size)
        #expect(try await bench.put(content, "large").size == Int64(size))
        #expect(try await bench.get("large") == content)
        let boundary: Int64 = 64 << 20
        for range in [0..<1, boundary - 7500..<boundary + 7500, Int64(size) - 10..<Int64(size) + 10] {
            let part = range.clamped(to: 0..<Int64(size))
            #expect(
                try await bench.get("large", .bytes(range))
                    == Array(content[Int(part.lowerBound)..<Int(part.upperBound)]))
        }
    }

    @Test func `every range of an object can be read`() async throws {
        let bench = try await ContentBench()
        let content = pattern(50_000)
        try await bench.put(content, "key")
        for start in [0, 1, 7407, 7408, 7409, 20_000, 49_999] {
            for end in [1, 7408, 7409, 22_224, 49_999, 50_000] where end > start {
                #expect(try await bench.get("key", .bytes(Int64(start)..<Int64(end))) == Array(content[start..<end]))
            }
            #expect(try await bench.get("key", .from(Int64(start))) == Array(content[start...]))
            #expect(try await bench.get("key", .last(Int64(50_000 - start))) == Array(content[start...]))
        }
        #expect(try await bench.get("key", .from(50_000)) == [])
        #expect(try await bench.get("key", .from(60_000)) == [])
        #expect(try await bench.get("key", .last(0)) == [])
        #expect(try await bench.get("key", .last(60_000)) == content)
        #expect(try await bench.get("key", .bytes(49_000..<99_000)) == Array(content[49_000...]))
        #expect(await code { _ = try await bench.get("key", .from(-1)) } == .invalidArgument)
    }

    @Test func `ranges of an inline object can be read`() async throws {
        let bench = try await ContentBench()
        let content = pattern(1000)
        try await bench.put(content, "key")
        #expect(try await bench.get("key", .bytes(10..<20)) == Array(content[10..<20]))
        #expect(try await bench.get("key", .last(1)) == [content[999]])
    }

    @Test func `content may be written in pieces of any size`() async throws {
        let bench = try await ContentBench()
        let content = pattern(200_000)
        let upload = try await bench.project.upload(bucket: bench.bucket, key: "key")
        var offset = 0
        for size in [0, 1, 4094, 1, 1, 3310, 1, 7408, 7409, 15_000, 125_936, 1, 36_838] {
            try await upload.write(ByteBuffer(bytes: content[offset..<offset + size]))
            offset += size
        }
        #expect(offset == content.count)
        try await upload.commit(metadata: ["late": "yes"])
        #expect(try await bench.get("key") == content)
        #expect(try await bench.project.object(bucket: bench.bucket, key: "key").metadata == ["late": "yes"])
    }

    @Test func `a sequence of buffers becomes an object`() async throws {
        let bench = try await ContentBench()
        let content = pattern(20_000)
        let buffers = AsyncStream<ByteBuffer> { continuation in
            for start in stride(from: 0, to: content.count, by: 1000) {
                continuation.yield(ByteBuffer(bytes: content[start..<start + 1000]))
            }
            continuation.finish()
        }
        try await bench.project.upload(buffers, bucket: bench.bucket, key: "key")
        #expect(try await bench.get("key") == content)
    }

    @Test func `an upload that failed or was aborted leaves nothing`() async throws {
        let bench = try await ContentBench()
        let upload = try await bench.project.upload(bucket: bench.bucket, key: "aborted")
        try await upload.write(ByteBuffer(bytes: pattern(10_000)))
        #expect(try await bench.pendingKeys() == ["aborted"])
        await upload.abort()
        #expect(try await bench.pendingKeys().isEmpty)
        #expect(await code { try await upload.write(ByteBuffer(bytes: [1])) } == .invalidArgument)
        #expect(await code { _ = try await upload.commit() } == .invalidArgument)
        for node in bench.nodes { node.isDown = true }
        #expect(await code { try await bench.put(pattern(10_000), "failed") } == .notEnoughNodes)
        #expect(try await bench.pendingKeys().isEmpty)
        #expect(await code { _ = try await bench.get("failed") } == .objectNotFound)
    }

    @Test func `an existing object is replaced unless that is forbidden`() async throws {
        let bench = try await ContentBench()
        try await bench.put([1], "key")
        for size in [10, 10_000] {
            #expect(
                await code { try await bench.put(pattern(size), "key", options: UploadOptions(overwrites: false)) }
                    == .objectAlreadyExists)
        }
        #expect(try await bench.get("key") == [1])
        try await bench.put([2], "key")
        #expect(try await bench.get("key") == [2])
        #expect(try await bench.pendingKeys().isEmpty)
    }

    @Test func `an upload into a bucket that is not there says so`() async throws {
        let bench = try await ContentBench()
        for size in [10, 10_000] {
            #expect(
                await code {
                    let upload = try await bench.project.upload(bucket: "nowhere", key: "key")
                    try await upload.write(ByteBuffer(bytes: pattern(size)))
                    try await upload.commit()
                } == .bucketNotFound)
        }
        #expect(await code { _ = try await bench.project.upload(bucket: "bucket", key: "") } == .objectKeyInvalid)
    }
}
