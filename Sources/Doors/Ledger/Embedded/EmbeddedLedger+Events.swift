import Contracts
package import Ethereum
package import StorageModel

extension EmbeddedLedger {
    /// A cursor counts in lines and, below that, in the events of a line, of which there are fewer than 256.
    private static let eventsPerLine: UInt64 = 256

    /// What happened after a cursor: only what is on the disk. Nothing is ever taken back.
    ///
    /// - Throws: `LedgerError`.
    package func events(after cursor: EventCursor?, limit: Int) async throws -> EventPage {
        precondition(limit > 0, "a page has room for an event")
        if let failure { throw failure }
        try await settle(books.lineCount)
        var position = cursor?.position ?? 0
        var events: [PlacedEvent] = []
        while events.count < limit {
            let number = position / Self.eventsPerLine
            let lines = try await lines(from: number, limit: limit - events.count)
            if lines.isEmpty { break }
            for (index, line) in lines.enumerated() {
                guard events.count < limit else { break }
                let skipped = index == 0 ? position % Self.eventsPerLine : 0
                let placed = place(line.line, line.hash).dropFirst(Int(skipped))
                let taken = placed.prefix(limit - events.count)
                events += taken
                let here = number + UInt64(index)
                position =
                    taken.count == placed.count
                    ? (here + 1) * Self.eventsPerLine : here * Self.eventsPerLine + skipped + UInt64(taken.count)
            }
        }
        return EventPage(events: events, retracted: [], next: EventCursor(position: position))
    }

    private func place(_ line: LedgerLine, _ hash: Bytes32) -> [PlacedEvent] {
        guard case .operation(let entry) = line else { return [] }
        let depth = books.height >= entry.height ? books.height - entry.height : 0
        return entry.placed(hash: hash, confirmations: depth)
    }

    /// Where an operation is, on the disk; of whichever sender when only one used the name.
    package func place(of id: OperationID, by sender: Address?) async throws -> (line: UInt64, height: UInt64)? {
        if let failure { throw failure }
        let place: OperationIndex.Place?
        if let sender, let own = books.index.place(of: id.storage, by: sender) {
            place = own
        } else {
            place = books.index.place(of: id.storage)
        }
        guard let place else { return nil }
        try await settle(place.line + 1)
        return (place.line, place.height)
    }
}

extension LedgerLine.Entry {
    /// What happened, with its place.
    package func placed(hash: Bytes32, confirmations: UInt64) -> [PlacedEvent] {
        events.enumerated().map { index, event in
            PlacedEvent(
                event: event, place: EventPlace(height: height, hash: hash, transaction: hash, index: UInt32(index)),
                confirmations: confirmations, time: time)
        }
    }
}
