import Contracts
package import StorageModel

extension Farmer {
    /// Judges all satellites anew.
    package func refreshStandings() async throws {
        for satellite in parts.trust.satellites { try await refreshStanding(of: satellite.id) }
    }

    /// Judges a satellite anew, by what is on the disk.
    package func refreshStanding(of satellite: NodeID) async throws {
        set(try await judge(satellite), of: satellite)
    }

    private func judge(_ satellite: NodeID) async throws -> PayerStanding {
        let payer = try await book.payer(satellite)
        if let refusal = payer.refusal { return .refused(refusal) }
        let overdue = try await overduePeriods(of: satellite)
        if let first = overdue.first {
            let text = "\(overdue.count) unpaid since period \(first.number)"
            if overdue.count >= settings.drainAfter { return .draining(text) }
            if overdue.count >= settings.pauseAfter { return .paused(text) }
        }
        if let blindness = try await blindness() { return .paused(blindness) }
        return try await deposit(of: payer).map(PayerStanding.paused) ?? .active
    }

    /// The periods the node answered for and should have been paid for by now.
    package func overduePeriods(of satellite: NodeID) async throws -> [OwnPeriod] {
        let now = parts.clock.now()
        return try await book.unpaidPeriods(satellite: satellite).filter { period in
            let length = period.end.duration(since: period.start)
            return period.end.advanced(by: length * max(0, settings.statementGrace)) < now
        }
    }

    /// Why vouchers are not worked for, when the ledger was not seen for too long.
    private func blindness() async throws -> String? {
        let now = parts.clock.now()
        guard let seen = try await book.viewedAt() else { return nil }
        let time = now.duration(since: seen)
        return time > settings.exposure ? "the ledger was last seen at \(seen.seconds) s, which is too long ago" : nil
    }

    /// Why the deposit of a channel is not enough to go on; nil when it is, or there is no channel.
    private func deposit(of payer: Payer) async throws -> String? {
        guard payer.payment == .channel, let id = payer.channel?.id, let channel = try await book.channel(id) else {
            return nil
        }
        if channel.state.isClosed { return "the channel is closed" }
        if channel.state.closesAt != nil { return "the channel is being closed" }
        // The last period's pay is what the next one is expected to be.
        let next = try await book.lastStatement(of: payer.satellite)?.statement.amount ?? .zero
        guard channel.rest < next else { return nil }
        return "the deposit has \(channel.rest) STORJ left, and a period costs \(next)"
    }
}
