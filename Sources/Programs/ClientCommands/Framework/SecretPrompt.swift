import Foundation

/// Asks at the terminal for a text that must not appear on the screen.
enum SecretPrompt {
    /// How often the prompt looks whether the command was interrupted, in milliseconds.
    private static let pollMilliseconds: Int32 = 100
    /// A longer line is not a passphrase.
    private static let maximumBytes = 64 << 10

    /// Reads a line from the terminal with echo off, and puts the terminal back however the reading ends.
    ///
    /// - Throws: `CancellationError` when the command is interrupted, `CommandFailure` when there is no terminal.
    static func read(prompt: String) throws -> String {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else {
            throw CommandFailure(
                .usage, "there is no terminal to ask for a secret at", advice: "Pass it on standard input")
        }
        defer { close(terminal) }
        var shown = termios()
        guard tcgetattr(terminal, &shown) == 0 else {
            throw CommandFailure(.failure, "the terminal's echo cannot be switched off: errno \(errno)")
        }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(terminal, TCSAFLUSH, &hidden) == 0 else {
            throw CommandFailure(.failure, "the terminal's echo cannot be switched off: errno \(errno)")
        }
        defer {
            tcsetattr(terminal, TCSAFLUSH, &shown)
            write(prompt: "\n", to: terminal)
        }
        write(prompt: prompt, to: terminal)
        return try readLine(from: terminal)
    }

    private static func write(prompt: String, to terminal: Int32) {
        let bytes = Array(prompt.utf8)
        // A prompt that cannot be shown is followed by a read that fails and says so.
        _ = Foundation.write(terminal, bytes, bytes.count)
    }

    private static func readLine(from terminal: Int32) throws -> String {
        var line: [UInt8] = []
        while line.count < maximumBytes {
            try Task.checkCancellation()
            var descriptor = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, pollMilliseconds) > 0 else { continue }
            var byte: UInt8 = 0
            guard Foundation.read(terminal, &byte, 1) == 1, byte != UInt8(ascii: "\n") else { break }
            line.append(byte)
        }
        return String(decoding: line, as: UTF8.self)
    }
}
