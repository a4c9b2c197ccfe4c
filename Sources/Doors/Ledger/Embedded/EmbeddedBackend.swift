package import Contracts
package import Ethereum
package import StorageModel

/// A ledger of our own in this process.
package struct EmbeddedBackend: SettlementBackend {
    /// The ledger.
    package let ledger: EmbeddedLedger
    package let description: SettlementDescription
    private let random: RandomSource
    private let turns = SenderTurns()
    private let senders = RecentSenders()

    /// The backend of a ledger; `random` names operations nobody named.
    package init(_ ledger: EmbeddedLedger, random: RandomSource = .system) {
        self.ledger = ledger
        self.random = random
        description = ledger.description
    }

    // MARK: Reading

    package func time() async throws -> LedgerTime { try await ledger.time() }

    package func balance(of owner: Address) async throws -> TokenAmount {
        try await ledger.read { $0.state.balances[owner] ?? .zero }
    }

    package func channel(_ id: Bytes32) async throws -> ChannelState? {
        try await ledger.read { $0.state.channels[id] }
    }

    package func agreement(_ id: Bytes32) async throws -> AgreementState? {
        try await ledger.read { $0.state.agreements[id] }
    }

    package func beacon(epoch: UInt64) async throws -> BeaconState? {
        try await ledger.read { $0.state.beacons[epoch] }
    }

    package func payout(of satellite: Address) async throws -> PayoutState? {
        try await ledger.read { $0.state.payouts[satellite] }
    }

    package func paid(to farmer: Address, by satellite: Address) async throws -> TokenAmount {
        try await ledger.read { $0.state.paid[PayoutKey(satellite: satellite, farmer: farmer)] ?? .zero }
    }

    package func credit(of farmer: Address) async throws -> TokenAmount {
        try await ledger.read { $0.state.credits[farmer] ?? .zero }
    }

    package func fee(of operation: SettlementOperation) async throws -> TokenAmount? { nil }

    // MARK: Operations

    package func prepare(_ signer: any SettlementSigner) async throws {}

    package func submit(
        _ operation: SettlementOperation, by signer: any SettlementSigner, id: OperationID?
    ) async throws -> OperationID {
        let id = id ?? .random(using: random)
        let sender = signer.address
        senders.remember(sender, of: id)
        // One number after the other; the disk then takes as many as there are at once.
        let place = try await turns.alone(as: sender) {
            let number = try await ledger.nextNumber(of: sender)
            let digest = SignedOperation.digest(
                sender: sender, number: number, id: id.storage, operation: operation, in: ledger.domain)
            let signed = SignedOperation(
                sender: sender, number: number, id: id.storage, operation: operation,
                signature: try await signer.sign(digest))
            return try await ledger.accept(signed)
        }
        try await ledger.settle(place.line + 1, era: place.era)
        return id
    }

    package func status(of id: OperationID) async throws -> OperationStatus {
        try await place(of: id).map { .final(height: $0.height) } ?? .unknown
    }

    package func transaction(of id: OperationID) async throws -> Bytes32? {
        guard let place = try await place(of: id) else { return nil }
        return try await ledger.line(place.line).hash
    }

    private func place(of id: OperationID) async throws -> (line: UInt64, height: UInt64)? {
        try await ledger.place(of: id, by: senders.sender(of: id))
    }

    // MARK: Events

    package func events(after cursor: EventCursor?, limit: Int) async throws -> EventPage {
        try await ledger.events(after: cursor, limit: limit)
    }
}
