import Contracts
import Ethereum
import Foundation
import Ledger
import Logging
import StorageModel
import Subprocesses
import TestSupport
import Testing

/// Runs this test program again as a child that keeps a ledger on the real disk, kills it in the middle, and looks for
/// all that it answered.
@Suite struct KilledLedgerTests {
    private static let folderVariable = "STORJ_TEST_KILLED_LEDGER_FOLDER"
    private static let workerCount: UInt64 = 8

    private static func key(_ number: UInt64) throws -> PrivateKey { try PrivateKey(secret: UInt256(number).bytes32) }

    private static func open(_ folder: String) async throws -> EmbeddedLedger {
        try await EmbeddedLedger.open(
            folder: folder, operator: key(1), settings: .forTests, clock: TestClock().wallClock, logger: .silent)
    }

    /// Every worker is paid one unit at a time, under names that say which.
    private static func name(_ worker: UInt64, _ number: UInt64) -> OperationID {
        OperationID(storage: UInt256(worker << 32 | number).bytes32)
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment[folderVariable] != nil))
    func `the child keeps a ledger until it is killed`() async throws {
        let folder = try #require(ProcessInfo.processInfo.environment[Self.folderVariable])
        let ledger = try await Self.open(folder)
        let backend = EmbeddedBackend(ledger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<Self.workerCount {
                group.addTask {
                    let keeper = KeySigner(try Self.key(1))
                    let owner = try Self.key(100 + worker).address
                    for number in 0..<10_000 as Range<UInt64> {
                        _ = try await backend.submit(
                            .mint(to: owner, TokenAmount(1)), by: keeper, id: Self.name(worker, number))
                        if number % 16 == 7 { try await ledger.closeBlock() }
                        // One write of a short line is never torn.
                        FileHandle.standardError.write(Data("answered \(worker) \(number)\n".utf8))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment[folderVariable] == nil), arguments: [2, 60, 300])
    func `a ledger whose process is killed has all that was answered, once`(answers: Int) async throws {
        try await withTemporaryFolder { folder in
            var environment = ProcessInfo.processInfo.environment
            environment[Self.folderVariable] = folder.path
            let pipe = Pipe()
            let child = try Subprocess(
                URL(filePath: "/proc/self/exe").resolvingSymlinksInPath(),
                ["--testing-library", "swift-testing", "--filter", "the child keeps a ledger until it is killed"],
                environment: environment, output: .null, error: .pipe(pipe))
            var output = Data()
            while answered(output).count < answers {
                let more = nextOutput(of: pipe)
                try #require(!more.isEmpty, "the child ended by itself: \(String(decoding: output, as: UTF8.self))")
                output += more
            }
            child.signal(SIGKILL)
            while true {
                let more = nextOutput(of: pipe)
                if more.isEmpty { break }
                output += more
            }
            child.wait()

            let ledger = try await Self.open(folder.path)
            let backend = EmbeddedBackend(ledger)
            for (worker, number) in answered(output) {
                #expect(try await backend.status(of: Self.name(worker, number)).isIncluded)
            }
            // Each worker's next name, done or not, is done once.
            for worker in 0..<Self.workerCount {
                let owner = try Self.key(100 + worker).address
                let last = answered(output).filter { $0.worker == worker }.map(\.number).max()
                let next = last.map { $0 + 1 } ?? 0
                _ = try await backend.submit(
                    .mint(to: owner, TokenAmount(1)), by: KeySigner(try Self.key(1)), id: Self.name(worker, next))
                #expect(try await backend.balance(of: owner) == TokenAmount(next + 1))
            }
            try await ledger.close()
            #expect(try await LedgerAudit.verify(file: folder.path + "/ledger.log").holds)
        }
    }

    private func answered(_ output: Data) -> [(worker: UInt64, number: UInt64)] {
        String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .filter { $0.hasPrefix("answered ") }.compactMap { line in
                let words = line.split(separator: " ").compactMap { UInt64($0) }
                return words.count == 2 ? (words[0], words[1]) : nil
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
