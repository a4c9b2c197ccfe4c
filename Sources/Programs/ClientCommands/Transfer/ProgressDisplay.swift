import Foundation
import Synchronization

/// Shows how far transfers are on standard error: a bar on a terminal, a line now and then elsewhere. Other messages go
/// through it, so that they do not run into the bar.
package final class ProgressDisplay: Sendable {
    /// How the display looks.
    package enum Style: Hashable, Sendable {
        case bar, plain, none
    }

    private struct State {
        var meter = RateMeter()
        var isBarShown = false
        var isEnded = false
    }

    private static let barPause: Duration = .milliseconds(100)
    private static let plainPause: Duration = .seconds(5)
    /// Goes to the start of the line and erases it.
    private static let erase = "\r\u{1b}[K"

    private let board: ProgressBoard
    private let messages: CommandOutput
    private let style: Style
    private let width: @Sendable () -> Int
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// A display that shows nothing yet.
    ///
    /// - Parameter width: columns of the terminal.
    package init(board: ProgressBoard, messages: CommandOutput, style: Style, width: @escaping @Sendable () -> Int) {
        self.board = board
        self.messages = messages
        self.style = style
        self.width = width
    }

    /// Time since the display was made.
    package var elapsed: Duration { ContinuousClock.now - start }

    /// Keeps the display up to date while `body` runs; erases the bar at the end.
    package func whileShowing<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        guard style != .none else { return try await body() }
        let ticker = Task { await self.tick() }
        defer {
            ticker.cancel()
            end()
        }
        return try await body()
    }

    /// Writes a line of its own.
    package func note(_ line: String) {
        state.withLock { state in
            messages.note((state.isBarShown ? Self.erase : "") + line)
            state.isBarShown = false
        }
    }

    private func tick() async {
        let pause = style == .bar ? Self.barPause : Self.plainPause
        while !Task.isCancelled {
            do { try await Task.sleep(for: pause) } catch { return }
            show()
        }
    }

    private func show() {
        let snapshot = board.snapshot
        state.withLock { state in
            guard !state.isEnded else { return }
            state.meter.record(bytes: snapshot.bytesMoved, at: elapsed)
            guard snapshot.filesTotal > 0 else { return }
            switch style {
            case .bar:
                write(Self.erase + ProgressLine.bar(snapshot, meter: state.meter, width: width()))
                state.isBarShown = true
            case .plain: messages.note(ProgressLine.plain(snapshot, meter: state.meter))
            case .none: break
            }
        }
    }

    private func end() {
        state.withLock { state in
            state.isEnded = true
            if state.isBarShown { write(Self.erase) }
            state.isBarShown = false
        }
    }

    private func write(_ text: String) {
        do { try messages.write(Array(text.utf8)) } catch {
            // Nobody reads standard error; the transfers go on without an audience.
            return
        }
    }
}

extension ProgressDisplay {
    /// The columns of the terminal at standard error; 80 when it does not say.
    package static func terminalWidth() -> Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
