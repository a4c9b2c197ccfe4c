import Database
import Identity
import Logging
import StorageModel
import Synchronization
import WireMessages

extension Overlay {
    /// A node says where and what it is; it is pinged back and its facts are stored.
    ///
    /// A node that does not answer the ping is told so; that is no failure of the call.
    /// - Throws: `OverlayError`; `DatabaseError`.
    /// - Source: protocol document 3 §5.2.
    func checkIn(_ request: Node_CheckInRequest, peer: PeerIdentity) async throws -> Node_CheckInResponse {
        let now = clock.now()
        let isKnown = record(of: peer.id) != nil
        guard state.withLock({ $0.limiter.allow(peer.id, at: now) }) else {
            throw OverlayError.tooManyCheckIns(peer.id)
        }
        guard isKnown || peer.id.difficulty >= settings.minimumDifficulty else {
            throw OverlayError.lowDifficulty(peer.id, required: settings.minimumDifficulty)
        }
        let said = try CheckIn(request, peer: peer)
        let address = try await resolve(said.address)
        let failure = try await pingFailure(peer.id, address: address.lastIPPort)
        let (tags, tagFailure) = tags(in: request, peer: peer)
        if isKnown || failure == nil {
            try await store(said, tags: tags, peer: peer, address: address, isUp: failure == nil)
        }
        return response(pingFailure: failure, tagFailure: tagFailure)
    }

    /// Dials an address the caller names, to tell whether it can be reached from here.
    func pingMe(_ request: Node_PingMeRequest, peer: PeerIdentity) async throws {
        let now = clock.now()
        guard state.withLock({ $0.limiter.allow(peer.id, at: now) }) else {
            throw OverlayError.tooManyCheckIns(peer.id)
        }
        let address = try await resolve(request.address)
        _ = try await ping(peer.id, address: address.lastIPPort, timeout: settings.pingTimeout)
    }

    private func resolve(_ address: String) async throws -> NodeAddress {
        try await NodeAddress.resolve(
            address, resolver: resolver, allowPrivate: settings.allowPrivateAddresses,
            distinctSubnet: settings.distinctSubnet)
    }

    /// Why the node does not answer at its address; nil when it does.
    private func pingFailure(_ id: NodeID, address: String) async throws -> String? {
        do {
            _ = try await ping(id, address: address, timeout: settings.pingTimeout)
            return nil
        } catch let error as OverlayError {
            logger.debug("ping back failed", metadata: ["node_id": "\(id)", "error": "\(error)"])
            return "failed to ping storage node, your node indicated error: \(error)"
        }
    }

    private func tags(in request: Node_CheckInRequest, peer: PeerIdentity) -> (tags: [NodeTag], failure: String?) {
        guard request.hasSignedTags else { return ([], nil) }
        do {
            let tags = try NodeTag.verified(request.signedTags, node: peer, authorities: settings.tagAuthorities)
            return (tags, nil)
        } catch {
            return ([], "\(error)")
        }
    }

    private func store(
        _ said: CheckIn, tags: [NodeTag], peer: PeerIdentity, address: NodeAddress, isUp: Bool
    ) async throws {
        let now = clock.now()
        let isBack = isUp && state.withLock { $0.toldOffline.contains(peer.id) }
        try await change(peer.id) { known in
            var node = known ?? NodeRecord(id: peer.id, address: address, createdAt: now.truncatedToMicroseconds)
            said.apply(to: &node, at: address)
            if isUp { node.lastContactSuccess = now } else { node.lastContactFailure = now }
            return node
        } also: { session in
            try Self.save(peer, at: now, in: session)
            for tag in tags { try tag.save(node: peer.id, in: session) }
            try self.raiseEvents(of: peer.id, isBack: isBack, at: now, in: session)
        }
        remember(peer)
        noteHeard(at: now)
        if isUp { setReachable(peer.id) }
        if isBack { state.withLock { _ = $0.toldOffline.remove(peer.id) } }
    }

    /// Runs inside the transaction, after the node's row was written.
    private func raiseEvents(of id: NodeID, isBack: Bool, at now: Timestamp, in session: SQLSession) throws {
        guard let node = try NodeRecord.fetch(id, in: session), node.servesDownloads else { return }
        if isBack { try NodeEvent.raise(.online, node: node, at: now, settings: settings, in: session) }
        guard let minimum = settings.minimumVersion,
            !(node.version.isRelease && node.version.isAtLeast(minimum))
        else { return }
        try NodeEvent.raise(.belowMinimumVersion, node: node, at: now, settings: settings, in: session)
    }

    private func response(pingFailure: String?, tagFailure: String?) -> Node_CheckInResponse {
        var response = Node_CheckInResponse()
        response.pingNodeSuccess = pingFailure == nil
        response.pingErrorMessage = pingFailure ?? ""
        response.nodeTagSuccess = tagFailure == nil
        response.nodeTagErrorMessage = tagFailure ?? ""
        // Tells the older node software to use its log store, and to use it only, from the first piece on.
        response.hashstoreSettings.writeToNew = true
        response.hashstoreSettings.readNewFirst = true
        response.hashstoreSettings.ttlToNew = true
        return response
    }
}
