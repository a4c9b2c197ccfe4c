import Database
import Foundation
import Metabase
import StorageModel
import Subprocesses
import TestSupport
import Testing

/// The other side of `CrashTests`: this test program started again, with its task in the environment.
@Suite struct CrashChild {
    static let project = ProjectID([UInt8](repeating: 7, count: 16)) ?? ProjectID()
    private static let pathVariable = "STORJ_TEST_CRASH_DATABASE"
    private static let roundVariable = "STORJ_TEST_CRASH_ROUND"

    /// Commits objects from many tasks and prints each key once its commit returned, until killed. Without its task in
    /// the environment, as in an ordinary run, there is nothing to do.
    @Test(.enabled(if: ProcessInfo.processInfo.environment[pathVariable] != nil))
    func `the child commits until it is killed`() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let path = environment[Self.pathVariable], let round = environment[Self.roundVariable] else { return }
        let fixture = try await Fixture(seed: UInt64(round) ?? 0, location: .file(path: path))
        let bucket = BucketLocation(project: Self.project, name: "bucket")
        if round == "0" { _ = try await fixture.metabase.createBucket(NewBucket(location: bucket)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for index in 0..<100_000 {
                        let key = "round \(round) task \(task) object \(index)"
                        try await Self.put(key, in: bucket, fused: index.isMultiple(of: 2), fixture)
                        FileHandle.standardOutput.write(Data("committed:\(key)\n".utf8))
                    }
                }
            }
            try await group.waitForAll()
        }
        // Far more objects than the parent waits for.
        Issue.record("the child came to the end of its work: nobody killed it")
    }

    private static func put(_ key: String, in bucket: BucketLocation, fused: Bool, _ fixture: Fixture) async throws {
        let upload = NewUpload(
            location: ObjectLocation(bucket: bucket, key: Array(key.utf8)),
            encryption: ObjectEncryption(cipherSuite: 2, blockSize: 7424))
        let commit = ObjectCommit(mayOverwrite: true)
        if fused {
            _ = try await fixture.metabase.putObject(upload, segments: [fixture.remote()], commit)
        } else {
            let begun = try await fixture.metabase.beginUpload(upload).reference
            try await fixture.metabase.commitSegment(fixture.inline(), in: begun)
            _ = try await fixture.metabase.commitObject(begun, commit)
        }
    }

    /// Starts the child, kills it without warning once it has acknowledged `count` keys, and returns all it did.
    static func run(path: String, round: Int, killAfter count: Int) async throws -> [String] {
        var environment = ProcessInfo.processInfo.environment
        environment[pathVariable] = path
        environment[roundVariable] = "\(round)"
        let output = Pipe()
        let process = try Subprocess(
            URL(filePath: "/proc/self/exe").resolvingSymlinksInPath(),
            ["--testing-library", "swift-testing", "--filter", "CrashChild"], environment: environment,
            output: .pipe(output), error: .null)
        var text = Data()
        var isKilled = false
        while true {
            let chunk = nextOutput(of: output)
            if chunk.isEmpty { break }
            text += chunk
            if !isKilled, text.count(where: { $0 == UInt8(ascii: "\n") }) >= count {
                process.signal(SIGKILL)
                isKilled = true
            }
        }
        process.wait()
        #expect(isKilled, "the child ended by itself")
        // The last line may have been cut by the kill.
        return String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast().filter { $0.hasPrefix("committed:") }.map { String($0.dropFirst(10)) }
    }
}

/// What a child has written next, empty at its end. `FileHandle` ends the program when a signal interrupts it, and the
/// end of somebody else's child is a signal.
private func nextOutput(of pipe: Pipe) -> Data {
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = read(pipe.fileHandleForReading.fileDescriptor, &buffer, buffer.count)
        if count >= 0 { return Data(buffer.prefix(count)) }
        if errno != EINTR { return Data() }
    }
}
