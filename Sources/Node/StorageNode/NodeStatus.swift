package import PieceStore
package import StorageModel

/// What a farmer sees of a node at a glance.
package struct NodeStatus: Sendable {
    /// Who it is.
    package let id: NodeID
    /// The address satellites hand out.
    package let address: String
    /// The version satellites are told.
    package let version: String
    /// What the farmer allocated, in bytes.
    package let allocatedSpace: Int64
    /// What more pieces may take, in bytes; while drained this is not what satellites are told.
    package let freeSpace: Int64
    /// What all pieces take.
    package let usage: StorageUsage
    /// The satellites, with how their check-ins go and what their pieces take.
    package let satellites: [(contact: NodeContact, isActive: Bool, usage: StorageUsage)]
    /// When a satellite or client was last heard of.
    package let lastContact: Timestamp?
    /// Since when the node takes no new pieces; nil when it does.
    package let drainedSince: Timestamp?
    /// The scrub.
    package let scrub: ScrubStatus
    /// Pieces that were lost.
    package let amnesty: AmnestySummary
    /// Satellites that are being left or were.
    package let exits: [ExitState]
    /// How satellites stand as those who pay; empty for a node that is not paid.
    package let standings: [NodeID: PayerStanding]
}

extension StorageNode {
    /// Everything at a glance; asks no disk.
    package func status() async -> NodeStatus {
        NodeStatus(
            id: id, address: contact.announcedAddress, version: version, allocatedSpace: allocatedSpace,
            freeSpace: rooms.space.freeSpace(), usage: rooms.store.usage,
            satellites: contact.contacts.map { contact in
                (contact, rooms.trust.isTrusted(contact.satellite), rooms.store.usage(of: contact.satellite))
            },
            lastContact: lastContact.value, drainedSince: rooms.drain.since, scrub: await rooms.scrubber.status,
            amnesty: rooms.reporter.summary, exits: rooms.exits.states, standings: standings)
    }

    private var standings: [NodeID: PayerStanding] {
        guard let farmer else { return [:] }
        return Dictionary(rooms.trust.satellites.map { ($0.id, farmer.standing(of: $0.id)) }) { first, _ in first }
    }

    /// Takes no new pieces from now on, and tells satellites at once.
    package func drain() async throws {
        try await rooms.drain.drain()
        contact.noticeChange()
    }

    /// Takes new pieces again, and tells satellites at once.
    package func undrain() async throws {
        try await rooms.drain.undrain()
        contact.noticeChange()
    }

    /// Begins to read everything again, or goes on; `rate` in bytes a second holds until the next start of the node.
    package func startScrub(rate: Int64?) async throws { try await rooms.scrubber.start(rate: rate) }

    /// Lets the scrub stand still until `startScrub`.
    package func pauseScrub() async throws { try await rooms.scrubber.pause() }

    /// Begins to leave a satellite.
    ///
    /// - Throws: `ExitError` when that cannot be.
    package func beginExit(from satellite: NodeID) async throws -> ExitState { try await rooms.exits.begin(satellite) }

    /// What the node remembers of its days.
    package var history: NodeHistory { rooms.history }

    /// Works for one more satellite from now on, also after a restart.
    ///
    /// - Throws: `SatelliteListError` when the node works for it, `PieceStoreError` when the disk fails.
    package func add(_ satellite: NodeURL) async throws {
        guard satellite.id != id, !satellite.id.isZero else { throw SatelliteListError.isNone(satellite.id) }
        guard !rooms.trust.activeSatellites.contains(where: { $0.id == satellite.id }) else {
            throw SatelliteListError.known(satellite.id)
        }
        try await rooms.satellites.add(satellite)
        rooms.trust.add(satellite)
        contact.add(satellite)
    }

    /// Works for a satellite no longer and deletes what is kept for it, without asking it: what it holds back is lost.
    ///
    /// - Returns: the bytes that are free again.
    /// - Throws: `SatelliteListError` for one that is not on the list, `PieceStoreError` when the disk fails.
    package func forget(_ satellite: NodeID) async throws -> Int64 {
        guard rooms.trust.satellites.contains(where: { $0.id == satellite }) else {
            throw SatelliteListError.unknown(satellite)
        }
        try await rooms.satellites.forget(satellite)
        rooms.trust.remove(satellite)
        contact.remove(satellite)
        let bytes = rooms.store.usage(of: satellite).totalBytes
        try await rooms.store.deleteAll(of: satellite)
        contact.noticeChange()
        return bytes
    }

    /// Takes all pieces of a satellite out of the trash; how many there were.
    package func restoreTrash(of satellite: NodeID) async throws -> Int {
        try await rooms.retain.restoreTrash(satellite: satellite)
    }
}
