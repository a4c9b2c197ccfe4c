import Foundation
import Synchronization

/// A server of the network in a process of its own.
///
/// Its standard input is a pipe from us: when we go, however abruptly, the child reads the end of it and stops too.
final class ChildProcess: Sendable {
    private let process: Process
    private let lifeline: Pipe
    private let exit = Mutex<Int32?>(nil)

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
        process.terminationHandler = { [weak self] process in
            self?.exit.withLock { $0 = process.terminationStatus }
        }
        try process.run()
    }

    /// The process id.
    var pid: Int32 { process.processIdentifier }

    /// The exit status; nil while the child runs.
    var exitStatus: Int32? { exit.withLock { $0 } }

    /// Waits for the child's end; nil when the caller's task is cancelled first.
    func status() async -> Int32? {
        while exitStatus == nil {
            // A child's end comes on a thread of Foundation's; looking for it is simpler than carrying it over.
            do { try await Task.sleep(for: .milliseconds(50)) } catch { return nil }
        }
        return exitStatus
    }

    /// Asks the child to stop and waits until it has; after `patience` it is killed.
    func stop(patience: Duration = .seconds(20)) async {
        if exitStatus == nil { kill(pid, SIGTERM) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await self.status() }
            group.addTask {
                // Cut short when the child has ended, which is the usual case.
                do { try await Task.sleep(for: patience) } catch { return }
                kill(self.pid, SIGKILL)
            }
            await group.next()
            group.cancelAll()
        }
    }
}
