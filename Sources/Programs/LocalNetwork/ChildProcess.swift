import Foundation
import Synchronization

/// A server of the network in a process of its own.
///
/// Its standard input is a pipe from us: when we go, however abruptly, the child reads the end of it and stops too.
final class ChildProcess: Sendable {
    private let process: Process
    private let lifeline: Pipe
    private let exit = Mutex<(status: Int32?, waiters: [CheckedContinuation<Int32, Never>])>((nil, []))

    /// What the child is called in logs.
    let name: String

    /// Starts `executable` with `arguments`; what it prints is appended to `log`.
    init(name: String, executable: URL, arguments: [String], log: URL) throws {
        self.name = name
        process = Process()
        lifeline = Pipe()
        if !FileManager.default.fileExists(atPath: log.path) {
            // A failure shows in the next step, which opens the file.
            _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        }
        let output = try FileHandle(forWritingTo: log)
        try output.seekToEnd()
        process.executableURL = executable
        process.arguments = arguments
        process.standardInput = lifeline
        process.standardOutput = output
        process.standardError = output
        process.terminationHandler = { [weak self] process in self?.ended(process.terminationStatus) }
        try process.run()
    }

    /// The process id.
    var pid: Int32 { process.processIdentifier }

    /// The exit status; nil while the child runs.
    var exitStatus: Int32? { exit.withLock { $0.status } }

    /// Asks the child to stop and waits until it has; after `patience` it is killed.
    func stop(patience: Duration = .seconds(20)) async {
        if exitStatus == nil { kill(pid, SIGTERM) }
        let pid = pid
        let reaper = Task {
            try await Task.sleep(for: patience)
            kill(pid, SIGKILL)
        }
        _ = await status()
        reaper.cancel()
    }

    /// Waits for the child's end.
    func status() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = exit.withLock { exit -> Int32? in
                if exit.status == nil { exit.waiters.append(continuation) }
                return exit.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    private func ended(_ status: Int32) {
        let waiters = exit.withLock { exit in
            exit.status = status
            defer { exit.waiters = [] }
            return exit.waiters
        }
        for waiter in waiters { waiter.resume(returning: status) }
    }
}
