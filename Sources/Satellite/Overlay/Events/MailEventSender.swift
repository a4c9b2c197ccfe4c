package import Chores
import Foundation
import StorageModel
import Subprocesses

/// Writes mails to node operators, one for each operator and event, and hands them to a program.
package struct MailEventSender: NodeEventSender {
    package let name = "mail"
    private let command: [String]
    private let sender: String
    private let timeout: Duration
    private let sleeper: Sleeper

    /// A sender that starts `command`, a program's path and its arguments, for each mail.
    ///
    /// - Throws: `OverlayError.badRequest` when the command is empty or the sender no address.
    package init(command: String, sender: String, timeout: Duration, sleeper: Sleeper) throws(OverlayError) {
        self.command = command.split(separator: " ").map { String($0) }
        guard !self.command.isEmpty else { throw .badRequest("a mail command names a program") }
        guard Self.isAddress(sender) else { throw .badRequest("mails need an address as sender") }
        self.sender = sender
        self.timeout = timeout
        self.sleeper = sleeper
    }

    /// Operators who gave no address, or something that is none, get no mail; that is no failure.
    package func send(_ events: [NodeEvent]) async throws {
        let mails = Dictionary(grouping: events.filter { Self.isAddress($0.email) }) { [$0.email, $0.kind.name] }
        for (_, events) in mails.sorted(by: { $0.value[0].id < $1.value[0].id }) { try await hand(over: text(events)) }
    }

    /// Whether a text that a stranger gave can stand in a mail's head: one address, nothing else.
    package static func isAddress(_ text: String) -> Bool {
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = text.utf8.allSatisfy { (0x21...0x7e).contains($0) && !"<>(),;:\\\"[]".utf8.contains($0) }
        return isPlain && halves.count == 2 && halves.allSatisfy { !$0.isEmpty } && !text.hasPrefix("-")
    }

    /// One mail: all events are of one operator and kind.
    private func text(_ events: [NodeEvent]) -> String {
        guard let first = events.first else { return "" }
        let lines = events.map { event in
            "  \(event.nodeID)  since \(Date(timeIntervalSince1970: Double(event.createdAt.seconds)).ISO8601Format())"
        }
        return """
            From: \(sender)
            To: \(first.email)
            Subject: Storage node: \(first.kind.name)
            Content-Type: text/plain; charset=utf-8

            \(first.kind.sentence)

            \(lines.joined(separator: "\n"))

            """
    }

    private func hand(over mail: String) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "storj-mail-\(UUID().uuidString)")
        try Data(mail.utf8).write(to: file)
        defer {
            // A file left behind is cleaned up by the system; the mail is what matters.
            try? FileManager.default.removeItem(at: file)
        }
        // A file, not a pipe: a program that does not read cannot stop us.
        let input = try FileHandle(forReadingFrom: file)
        let status = try await run(input)
        guard status == 0 else { throw OverlayError.unreachable("the mail command ended with status \(status)") }
    }

    private func run(_ input: FileHandle) async throws -> Int32 {
        let (ends, end) = AsyncStream.makeStream(of: Int32.self)
        let process = try Subprocess(
            URL(fileURLWithPath: command[0]), Array(command.dropFirst()), input: .file(input), output: .null, error: .null
        ) { status in
            end.yield(status)
            end.finish()
        }
        defer { process.signal(SIGTERM) }
        return try await withThrowingTaskGroup(of: Int32.self) { group in
            group.addTask {
                for await status in ends { return status }
                throw CancellationError()
            }
            group.addTask {
                try await sleeper.sleep(timeout)
                throw OverlayError.noAnswer(within: timeout)
            }
            defer { group.cancelAll() }
            guard let status = try await group.next() else { throw CancellationError() }
            return status
        }
    }
}

extension NodeEvent.Kind {
    /// What it means, for people.
    var sentence: String {
        switch self {
        case .online: "Your storage node can be reached again."
        case .offline: "Your storage node has not checked in for some hours and gets no traffic until it does."
        case .disqualified: "Your storage node was disqualified: it gets no traffic any more."
        case .suspendedForErrors: "Your storage node answers audits with errors. It gets no new pieces until it stops."
        case .unsuspendedForErrors: "Your storage node answers audits as it should again."
        case .suspendedForAbsence:
            "Your storage node was offline too often. It gets no new pieces until that is better."
        case .unsuspendedForAbsence: "Your storage node is online enough again."
        case .belowMinimumVersion: "Your storage node's version is too old: it gets no new pieces until it is updated."
        case .exitStarted: "Your storage node is leaving in good order. Keep it online until it is told that it may go."
        case .exitFinished: "Your storage node has left in good order and keeps the signed receipt."
        case .exitFailed: "Your storage node was offline or faulty too much to leave in good order."
        case .lostPiecesReported: "Your storage node has reported lost pieces. They are being repaired elsewhere."
        case .uploadsStoppedForLosses:
            "Your storage node reported a large share of its pieces lost. It gets no new ones until they are repaired."
        case .uploadsResumed: "The pieces your storage node had lost are repaired. It gets new pieces again."
        }
    }
}
