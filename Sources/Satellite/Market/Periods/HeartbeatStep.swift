/// The steps of a period, each of which is on the disk when it is over: after a crash the next one follows.
package enum HeartbeatStep: String, CaseIterable, Sendable {
    /// The secret is stored; nobody knows its hash yet.
    case begun
    /// The sets are on the disk, what they hold is not in the books yet.
    case setsWritten
    /// Nodes may be asked to sign.
    case prepared
    /// A node's signature is stored.
    case signed
    /// The beacon is fixed.
    case challenged
    /// A node's answer is on the disk, its verdict is not in the books yet.
    case evidenceWritten
    /// A node's verdict is in the books.
    case judged
    /// The report is on the disk, and not published yet.
    case reportWritten
    /// The report is published.
    case published
}
