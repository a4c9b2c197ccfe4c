package import Logging

/// Writes events of nodes into the satellite's log.
package struct LogEventSender: NodeEventSender {
    private let logger: Logger
    package let name = "log"

    package init(logger: Logger) { self.logger = logger }

    package func send(_ events: [NodeEvent]) async throws {
        for event in events {
            logger.notice(
                "event of a node", metadata: ["node_id": "\(event.nodeID)", "event": "\(event.kind.name)"])
        }
    }
}
