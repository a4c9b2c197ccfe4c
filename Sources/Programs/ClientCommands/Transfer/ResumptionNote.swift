import Synchronization
import Uplink

/// Tells a person once that a transfer continues an earlier one, and what is kept when it stops again.
final class ResumptionNote: Sendable {
    private let name: String
    private let notify: @Sendable (String) -> Void
    private let last = Mutex<TransferProgress?>(nil)

    init(name: String, notify: @escaping @Sendable (String) -> Void) {
        self.name = name
        self.notify = notify
    }

    /// Takes note of how far the transfer is.
    func tell(_ progress: TransferProgress) {
        let isFirst = last.withLock { last in
            defer { last = progress }
            return (last?.resumed ?? 0) == 0
        }
        guard isFirst, progress.resumed > 0 else { return }
        notify("resuming \(name.printable): \(Self.part(progress.resumed, of: progress.total)) are there")
    }

    /// Says that what has arrived stays.
    ///
    /// - Parameter isExact: whether every byte of it does, not only whole parts.
    func tellKept(isExact: Bool) {
        guard let progress = last.withLock({ $0 }), progress.bytes > 0 else { return }
        let what = isExact ? Self.part(progress.bytes, of: progress.total) + " are kept" : "the parts that are complete are kept"
        notify("\(name.printable): \(what); the same command continues from there")
    }

    private static func part(_ bytes: Int64, of total: Int64?) -> String {
        SizeText.human(bytes) + (total.map { " of \(SizeText.human($0))" } ?? "")
    }
}
