import Foundation
import Subprocesses
import TestSupport
import Testing

/// The contracts and the rules of the ledger are two programs for one thing; here they are compared call by call.
@Suite struct SettlementTraceTests {
    @Test func `the rules agree with what the contracts did in a recorded trace`() throws {
        var trace = SettlementTrace()
        try trace.follow(String(decoding: Vectors.bytes("settlement.trace"), as: UTF8.self))
        #expect(trace.callCount > 600)
        #expect(trace.doneCount > 150)
    }

    @Test(.enabled(if: Python.path != nil || Python.isRequired, "scripts/install-dev-chain was not run"))
    func `the rules agree with the contracts in twenty thousand random calls`() throws {
        let python = try #require(Python.path, "scripts/install-dev-chain was not run")
        var trace = SettlementTrace()
        try trace.follow(try Python.trace(python, calls: 20_000, seed: 77))
        #expect(trace.callCount > 15_000)
        #expect(trace.doneCount > 3_000)
    }
}

/// The program that calls the contracts at random.
private enum Python {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Nil when it is not installed.
    static let path: String? = [
        ProcessInfo.processInfo.environment["STORJ_CHAIN_PYTHON"], repository.appending(path: ".venv-chain/bin/python").path,
    ].compactMap(\.self).first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Whether its absence is a failure.
    static let isRequired = ProcessInfo.processInfo.environment["STORJ_CHAIN_REQUIRED"] == "1"

    static func trace(_ python: String, calls: Int, seed: Int) throws -> String {
        let arguments = [
            "-B", repository.appending(path: "Tests/Contracts/trace.py").path, "--calls", "\(calls)", "--seed", "\(seed)",
        ]
        let output = Pipe()
        let process = try Subprocess(URL(filePath: python), arguments, output: .pipe(output))
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        try #require(process.wait() == 0, "the contracts broke an invariant of their own")
        return String(decoding: text, as: UTF8.self)
    }
}
