import Foundation
import Logging
import NIOCore
import PieceStore
import StorageModel
import Subprocesses
import TestSupport
import Testing

/// Runs this test program again as a child that stores pieces on the real disk, kills it in the middle, and reads all
/// that it said was stored.
@Suite struct KilledProcessTests {
    private static let folderVariable = "STORJ_TEST_KILLED_CHILD_FOLDER"
    private static let satellite = NodeID.random(using: .seeded(99))

    private static func open(_ folder: String) async throws -> PieceStore {
        try await PieceStore.open(
            folder: folder, pool: BlockingPool(threads: 4), clock: TestClock().wallClock, random: .system,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// The piece with a number: small ones and large ones in turn.
    private static func piece(_ number: UInt64) -> TestPiece {
        let random = RandomSource.seeded(number)
        let size = number % 4 == 3 ? 300_000 + Int(number % 7) * 100_000 : 1 + Int(number % 50) * 997
        return TestPiece(id: .random(using: random), content: random.bytes(count: size))
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment[folderVariable] != nil))
    func `the child stores pieces until it is killed`() async throws {
        let folder = try #require(ProcessInfo.processInfo.environment[Self.folderVariable])
        let store = try await Self.open(folder)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in UInt64(0)..<8 {
                group.addTask {
                    for number in UInt64(0)..<5_000 {
                        let name = number * 8 + worker
                        try await Self.piece(name).store(in: store, satellite: Self.satellite)
                        // One write of a short line is never torn.
                        FileHandle.standardError.write(Data("stored \(name)\n".utf8))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(
        .enabled(if: ProcessInfo.processInfo.environment[folderVariable] == nil), arguments: [3, 40, 150])
    func `a killed process loses nothing that it acknowledged`(acknowledgements: Int) async throws {
        try await withTemporaryFolder { folder in
            var environment = ProcessInfo.processInfo.environment
            environment[Self.folderVariable] = folder.path
            let pipe = Pipe()
            let child = try Subprocess(
                URL(filePath: "/proc/self/exe").resolvingSymlinksInPath(),
                ["--testing-library", "swift-testing", "--filter", "the child stores pieces until it is killed"],
                environment: environment, output: .null, error: .pipe(pipe))
            var output = Data()
            var count = 0
            while count < acknowledgements {
                let more = nextOutput(of: pipe)
                try #require(!more.isEmpty, "the child ended by itself: \(String(decoding: output, as: UTF8.self))")
                output += more
                count = output.split(separator: UInt8(ascii: "\n")).filter { $0.starts(with: "stored ".utf8) }.count
            }
            child.signal(SIGKILL)
            while true {
                let more = nextOutput(of: pipe)
                if more.isEmpty { break }
                output += more
            }
            child.wait()

            let numbers = String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
                .dropLast().filter { $0.hasPrefix("stored ") }.compactMap { UInt64($0.dropFirst(7)) }
            let store = try await Self.open(folder.path)
            for number in numbers {
                #expect(try await Self.piece(number).isServed(by: store, satellite: Self.satellite))
            }
            // It works on: the next pieces find their place.
            let next = Self.piece(1_000_003)
            try await next.store(in: store, satellite: Self.satellite)
            #expect(try await next.isServed(by: store, satellite: Self.satellite))
        }
    }
}

@Suite struct FolderLockTests {
    @Test func `a folder belongs to one store at a time`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "lock").path
            let disk = DiskFileSystem()
            try await {
                let held = try disk.lock(path)
                #expect(try await code { _ = try disk.lock(path) } == .closed)
                withExtendedLifetime(held) {}
            }()
            _ = try disk.lock(path)
        }
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
