import CSpawn
package import Foundation
import Synchronization

/// A program in a process of its own.
///
/// Foundation's `Process` is not used: it looks for open descriptors by copying whole directory entries, reads past the end
/// of its buffer, and now and then ends a program that has many of them open.
package final class Subprocess: Sendable {
    /// What a standard stream of the child is.
    package enum Channel {
        /// This process's own.
        case inherited
        /// Nothing: ends at once, and swallows what is written.
        case null
        /// An open file, which stays open here.
        case file(FileHandle)
        /// The other end of a pipe; the child's end is closed here once it has started.
        case pipe(Pipe)
    }

    /// A program that could not be started.
    package struct Failure: Error, CustomStringConvertible {
        package let program: String
        /// The number of the system's error.
        package let code: Int32

        package var description: String { "\(program) cannot be started: \(String(cString: strerror(code)))" }
    }

    private struct State {
        var status: Int32?
    }

    /// The process id.
    package let pid: Int32
    private let state = Mutex(State())
    /// Entered until the child has ended.
    private let running = DispatchGroup()

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - environment: nil for this process's own.
    ///   - ended: called once, on a thread of its own, with the exit status, or the signal that ended the child.
    /// - Throws: `Failure`.
    package init(
        _ program: URL, _ arguments: [String] = [], environment: [String: String]? = nil, input: Channel = .inherited,
        output: Channel = .inherited, error: Channel = .inherited, ended: (@Sendable (Int32) -> Void)? = nil
    ) throws {
        let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard nothing >= 0 else { throw Failure(program: program.path, code: errno) }
        defer { close(nothing) }
        let descriptors = [
            input.descriptor(0, null: nothing) { $0.fileHandleForReading },
            output.descriptor(1, null: nothing) { $0.fileHandleForWriting },
            error.descriptor(2, null: nothing) { $0.fileHandleForWriting },
        ]
        let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0.key)=\($0.value)" }
        var child: pid_t = 0
        let code = withCStrings([program.path] + arguments) { words in
            withCStrings(variables) { cspawn(&child, program.path, words, $0, descriptors) }
        }
        guard code == 0 else { throw Failure(program: program.path, code: code) }
        pid = child
        input.closeChildsEnd { $0.fileHandleForReading }
        output.closeChildsEnd { $0.fileHandleForWriting }
        error.closeChildsEnd { $0.fileHandleForWriting }
        running.enter()
        let watch = Thread { [self] in
            let status = awaitEnd()
            running.leave()
            ended?(status)
        }
        watch.name = "subprocess"
        watch.start()
    }

    /// The exit status, or the signal that ended the child; nil while it runs.
    package var status: Int32? { state.withLock { $0.status } }

    /// Sends a signal, unless the child has ended.
    package func signal(_ number: Int32) {
        state.withLock { state in
            // Its id is its own until its end is taken note of, which is behind the same lock.
            if state.status == nil { kill(pid, number) }
        }
    }

    /// Waits on this thread until the child has ended.
    @discardableResult
    package func wait() -> Int32 {
        running.wait()
        return status ?? 0
    }

    private func awaitEnd() -> Int32 {
        var facts = siginfo_t()
        // Ended but not yet taken note of: nobody else can have its id meanwhile.
        while waitid(P_PID, id_t(pid), &facts, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        return state.withLock { state in
            var word: Int32 = 0
            while waitpid(pid, &word, 0) < 0, errno == EINTR {}
            // As the C library's macros take the word apart.
            let status = word & 0x7f == 0 ? (word >> 8) & 0xff : word & 0x7f
            state.status = status
            return status
        }
    }
}

extension Subprocess.Channel {
    fileprivate func descriptor(_ own: Int32, null: Int32, _ end: (Pipe) -> FileHandle) -> Int32 {
        switch self {
        case .inherited: own
        case .null: null
        case .file(let file): file.fileDescriptor
        case .pipe(let pipe): end(pipe).fileDescriptor
        }
    }

    fileprivate func closeChildsEnd(_ end: (Pipe) -> FileHandle) {
        // Closed already is as good.
        if case .pipe(let pipe) = self { try? end(pipe).close() }
    }
}

/// Lends texts as an array of C strings that ends with a null pointer.
private func withCStrings<Result>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
    let pointers = texts.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
}
