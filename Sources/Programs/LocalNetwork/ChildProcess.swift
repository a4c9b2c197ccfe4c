import Foundation
import Synchronization

/// A server of the network in a process of its own.
///
/// Its standard input is a pipe from us: when we go, however abruptly, the child reads the end of it and stops too.
final class ChildProcess: Sendable {
    private let process: Process
    private let lifeline: Pipe
    private let end = Mutex(End())

    /// The child's end, and who waits for it.
    private struct End {
        var status: Int32?
        var waiters: [Int: CheckedContinuation<Int32?, Never>] = [:]
        var nextWaiter = 0
    }

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
            self?.ended(process.terminationStatus)
        }
        try process.run()
    }

    /// The process id.
    var pid: Int32 { process.processIdentifier }

    /// The exit status; nil while the child runs.
    var exitStatus: Int32? { end.withLock { $0.status } }

    private func ended(_ status: Int32) {
        let waiters = end.withLock { end in
            end.status = status
            defer { end.waiters = [:] }
            return end.waiters.values
        }
        for waiter in waiters { waiter.resume(returning: status) }
    }

    /// Waits for the child's end; nil when the caller's task is cancelled first.
    func status() async -> Int32? {
        let number = end.withLock { end in
            end.nextWaiter += 1
            return end.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let status = end.withLock { end -> Int32?? in
                    if let status = end.status { return status }
                    if Task.isCancelled { return .some(nil) }
                    end.waiters[number] = continuation
                    return nil
                }
                if let status { continuation.resume(returning: status) }
            }
        } onCancel: {
            end.withLock { $0.waiters.removeValue(forKey: number) }?.resume(returning: nil)
        }
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
