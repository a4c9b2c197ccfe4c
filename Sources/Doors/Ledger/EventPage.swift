package import Contracts
package import StorageModel

/// Where a reader of events is: a place in the backend's own sequence of what it learnt, additions and retractions.
package struct EventCursor: Sendable, Hashable {
    /// Grows from page to page; means nothing to others.
    package let position: UInt64

    /// A place that was kept.
    package init(position: UInt64) { self.position = position }
}

/// Where an event is: the same event included again elsewhere has another place.
package struct EventPlace: Sendable, Hashable {
    /// The block.
    package var height: UInt64
    /// The hash of the block, or of the line of our own ledger.
    package var hash: Bytes32
    /// The hash of the transaction or line that made it, whoever sent it.
    package var transaction: Bytes32
    /// Which of the transaction's events, from 0.
    package var index: UInt32

    /// A place.
    package init(height: UInt64, hash: Bytes32, transaction: Bytes32, index: UInt32) {
        self.height = height
        self.hash = hash
        self.transaction = transaction
        self.index = index
    }
}

/// An event with its place and its age.
package struct PlacedEvent: Sendable, Hashable {
    /// What happened.
    package var event: SettlementEvent
    /// Where.
    package var place: EventPlace
    /// Blocks on top of the event's when it was read; 0 in the newest.
    package var confirmations: UInt64
    /// The block's time, seconds since 1970.
    package var time: UInt64

    /// An event.
    package init(event: SettlementEvent, place: EventPlace, confirmations: UInt64, time: UInt64) {
        self.event = event
        self.place = place
        self.confirmations = confirmations
        self.time = time
    }
}

/// What a reader has not seen yet. First forget what is retracted, then take the events.
package struct EventPage: Sendable, Hashable {
    /// In order of height, transaction and index.
    package var events: [PlacedEvent]
    /// Events of earlier pages that are gone; they may come back elsewhere.
    package var retracted: [EventPlace]
    /// Where to go on. Equal to the cursor asked with when nothing is new.
    package var next: EventCursor

    /// A page.
    package init(events: [PlacedEvent], retracted: [EventPlace], next: EventCursor) {
        self.events = events
        self.retracted = retracted
        self.next = next
    }
}
