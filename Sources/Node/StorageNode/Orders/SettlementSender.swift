package import Chores
import DRPC
import Logging
import StorageModel
import WireMessages

/// Hands in the orders of past hours, one hour at a time, so that satellites pay for them.
///
/// A window that a satellite accepted or rejected is never sent again; one that met an error is sent in the next round.
/// - Source: protocol document 3 §4.1–4.2.
package struct SettlementSender: Sendable {
    private let trust: TrustList
    private let orders: OrderStore
    private let parts: StorageNodeParts
    private let settings: StorageNodeSettings
    private let book: FarmBook?

    /// A sender over its parts.
    ///
    /// - Parameter book: where it is noted what settled orders sum up to; nil notes it nowhere.
    package init(
        trust: TrustList, orders: OrderStore, parts: StorageNodeParts, settings: StorageNodeSettings, book: FarmBook? = nil
    ) {
        self.trust = trust
        self.orders = orders
        self.parts = parts
        self.settings = settings
        self.book = book
    }

    /// The chore that settles regularly, and makes orders durable at the end.
    package var cycle: Cycle {
        Cycle(
            name: "order settlement", interval: settings.settlementInterval, sleeper: parts.sleeper,
            clock: parts.clock, logger: parts.logger, finish: { await orders.close() }, work: { try await settleAll() })
    }

    /// Hands in everything that is ready. A satellite that fails does not keep others from being asked.
    package func settleAll() async throws {
        for satellite in trust.satellites {
            do {
                try await settle(satellite)
            } catch {
                try Task.checkCancellation()
                parts.logger.warning(
                    "orders could not be settled, they are kept",
                    metadata: ["satellite": "\(satellite.id)", "error": "\(error)"])
            }
        }
        try await orders.cleanArchive(lifetime: settings.orderArchiveLifetime)
    }

    private func settle(_ satellite: NodeURL) async throws {
        let windows = try await orders.readyWindows(satellite: satellite.id, grace: settings.orderLimitGrace)
        if windows.isEmpty { return }
        let connection = try await parts.dialer.connect(to: satellite)
        for window in windows {
            var sums = SettledSums(window)
            let status = try await send(window, over: connection, &sums)
            let accepted = status == .accepted
            // Before it is put aside: noted twice is noted once, and not at all would be unpaid.
            if accepted { try await book?.noteSettled(sums.orders, of: satellite.id, at: parts.clock.now()) }
            try await orders.archive(window, accepted: accepted)
            parts.logger.log(
                level: accepted ? .info : .error, "orders settled",
                metadata: [
                    "satellite": "\(satellite.id)", "hour": "\(window.hour)", "status": "\(status)",
                ])
        }
    }

    /// Sends one window and gives the satellite's verdict, which is `accepted` or `rejected`.
    private func send(
        _ window: OrderWindow, over connection: any RPCConnection, _ sums: inout SettledSums
    ) async throws -> Orders_SettlementWithWindowResponse.Status {
        let reader = try await orders.reader(window)
        var sent = sums
        let response = try await connection.withStream(OrdersMethods.settlementWithWindow) { stream in
            while let request = try await reader.next() {
                sent.add(request)
                try await stream.send(request)
            }
            stream.closeSend()
            return try await stream.receive()
        }
        sums = sent
        if reader.damagedBytes > 0 {
            parts.logger.error(
                "order file is damaged, whole orders were sent",
                metadata: ["satellite": "\(window.satellite)", "bytes": "\(reader.damagedBytes)"])
        }
        guard let status = response?.status else { throw OrderSettlementError.noAnswer }
        guard status == .accepted || status == .rejected else { throw OrderSettlementError.unknownStatus(status.rawValue) }
        return status
    }
}

/// Why a satellite's answer is none.
package enum OrderSettlementError: Error, Equatable {
    /// The stream ended without a message.
    case noAnswer
    /// The number is no verdict.
    case unknownStatus(Int)
}
