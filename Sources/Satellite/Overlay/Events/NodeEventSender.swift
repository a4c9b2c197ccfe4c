/// A way to reach node operators, or whoever looks after them.
package protocol NodeEventSender: Sendable {
    /// What it is called in logs.
    var name: String { get }

    /// Hands over events, the oldest first.
    ///
    /// Events may come again when another sender, or the process, failed in between: their `id` tells them apart.
    /// - Throws: when they did not arrive; they are sent again later.
    func send(_ events: [NodeEvent]) async throws
}
