import Foundation
import Subprocesses
import Synchronization

/// A server of the network in a process of its own.
///
/// Its standard input is a pipe from us: when we go, however abruptly, the child reads the end of it and stops too.
final class ChildProcess: Sendable {
    private let process: Subprocess
    private let lifeline: Pipe
    private let end: Ending

    /// The child's end, and who waits for it.
    private struct End {
        var status: Int32?
        var waiters: [Int: CheckedContinuation<Int32?, Never>] = [:]
        var nextWaiter = 0
    }

    /// What the child's watcher writes to, which is there before the child.
    private final class Ending: Sendable {
        let state = Mutex(End())

        func ended(_ status: Int32) {
            let waiters = state.withLock { end in
                end.status = status
                defer { end.waiters = [:] }
                return end.waiters.values
            }
            for waiter in waiters { waiter.resume(returning: status) }
        }
    }

    /// What the child is called in logs.
    let name: String

    /// Starts `executable` with `arguments`; what it prints is appended to `log`.
    init(name: String, executable: URL, arguments: [String], log: URL) throws {
        self.name = name
        lifeline = Pipe()
        let end = Ending()
        self.end = end
        if !FileManager.default.fileExists(atPath: log.path) {
            // A failure shows in the next step, which opens the file.
            _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        }
        let output = try FileHandle(forWritingTo: log)
        try output.seekToEnd()
        process = try Subprocess(
            executable, arguments, input: .pipe(lifeline), output: .file(output), error: .file(output)
        ) { end.ended($0) }
    }

    /// The process id.
    var pid: Int32 { process.pid }

    /// The exit status; nil while the child runs.
    var exitStatus: Int32? { end.state.withLock { $0.status } }

    /// Waits for the child's end; nil when the caller's task is cancelled first.
    func status() async -> Int32? {
        let number = end.state.withLock { end in
            end.nextWaiter += 1
            return end.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let status = end.state.withLock { end -> Int32?? in
                    if let status = end.status { return status }
                    if Task.isCancelled { return .some(nil) }
                    end.waiters[number] = continuation
                    return nil
                }
                if let status { continuation.resume(returning: status) }
            }
        } onCancel: {
            end.state.withLock { $0.waiters.removeValue(forKey: number) }?.resume(returning: nil)
        }
    }

    /// Asks the child to stop and waits until it has; after `patience` it is killed.
    func stop(patience: Duration = .seconds(20)) async {
        process.signal(SIGTERM)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await self.status() }
            group.addTask {
                // Cut short when the child has ended, which is the usual case.
                do { try await Task.sleep(for: patience) } catch { return }
                self.process.signal(SIGKILL)
            }
            await group.next()
            group.cancelAll()
        }
    }
}
