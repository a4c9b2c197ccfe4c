import Foundation
import Synchronization

/// Where a command writes: standard output, standard error, or memory in tests. Buffered; `flush` before it matters.
package final class CommandOutput: Sendable {
    /// Whoever read the output reads no more; the command ends without a word.
    package struct ReaderGone: Error {}

    private struct State {
        var buffer: [UInt8] = []
        /// What was written, for outputs in memory.
        var kept: [UInt8] = []
        var isReaderGone = false
    }

    private let descriptor: Int32?
    /// Bytes held back at most; 0 writes every line at once.
    private let capacity: Int
    private let state = Mutex(State())

    /// Results, for people or programs.
    package static let standardOutput = CommandOutput(
        descriptor: STDOUT_FILENO, capacity: isatty(STDOUT_FILENO) == 1 ? 0 : 64 << 10)
    /// Warnings, errors and progress.
    package static let standardError = CommandOutput(descriptor: STDERR_FILENO, capacity: 0)

    /// Keeps what is written.
    package static func inMemory() -> CommandOutput { CommandOutput(descriptor: nil, capacity: 0) }

    private init(descriptor: Int32?, capacity: Int) {
        self.descriptor = descriptor
        self.capacity = capacity
    }

    /// Writes a line. Names that came from the network must be `printable`.
    ///
    /// - Throws: `ReaderGone`, or `CommandFailure` when the system refuses to write.
    package func line(_ text: String = "") throws {
        try write(Array(text.utf8) + [UInt8(ascii: "\n")])
    }

    /// Writes a value as one line of JSON: names in snake_case and sorted, times in RFC 3339 UTC.
    ///
    /// - Throws: `ReaderGone`, or `CommandFailure` when the system refuses to write.
    package func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(TimeText.rfc3339(date))
        }
        try write(Array(encoder.encode(value)) + [UInt8(ascii: "\n")])
    }

    /// Writes a line if that is possible, for warnings: their loss must not fail a command.
    package func note(_ text: String) {
        do { try line(text) } catch {
            // Nobody reads standard error, so there is nobody to tell.
            return
        }
    }

    /// Writes bytes as they are.
    ///
    /// - Throws: `ReaderGone`, or `CommandFailure` when the system refuses to write.
    package func write(_ bytes: [UInt8]) throws {
        try state.withLock { state in
            state.buffer += bytes
            if state.buffer.count > capacity { try drain(&state) }
        }
    }

    /// Writes what was held back.
    ///
    /// - Throws: `ReaderGone`, or `CommandFailure` when the system refuses to write.
    package func flush() throws {
        try state.withLock { try drain(&$0) }
    }

    /// Whether a descriptor is a pipe that nobody reads any more.
    package static func isReaderGone(_ descriptor: Int32) -> Bool {
        var pipe = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&pipe, 1, 0) == 1 && pipe.revents & Int16(POLLERR) != 0
    }

    /// What was written so far; empty unless in memory.
    package var text: String {
        state.withLock { String(decoding: $0.kept, as: UTF8.self) }
    }

    private func drain(_ state: inout State) throws {
        guard !state.isReaderGone else { throw ReaderGone() }
        let bytes = state.buffer
        state.buffer.removeAll(keepingCapacity: true)
        guard let descriptor else {
            state.kept += bytes
            return
        }
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                offset += count
            } else if errno == EPIPE {
                state.isReaderGone = true
                throw ReaderGone()
            } else if errno == EAGAIN {
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                throw CommandFailure(.failure, "the output cannot be written: \(String(cString: strerror(errno)))")
            }
        }
    }
}
