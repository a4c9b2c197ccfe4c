package import Chores
import Contracts
import DRPC
import Database
import Ethereum
import Foundation
import Ledger
import Logging
package import StorageModel
import Synchronization
import WireMessages

/// Asks satellites what they stand for, and tells them who is paid and what is asked.
package final class Registrations: Sendable {
    /// The pause between two tries after one that failed.
    private static let retryPause = Duration.seconds(60)

    private let farmer: Farmer
    private let wake = Mutex<@Sendable () -> Void>({})
    private let isChanged = Mutex(true)

    /// Registrations of a farmer; nothing is asked yet.
    package init(_ farmer: Farmer) {
        self.farmer = farmer
        farmer.whenPricesChange { [weak self] in self?.notice() }
    }

    /// The recurring work: at once, whenever prices change, and again when something failed.
    package func makeCycle(sleeper: Sleeper) -> Cycle {
        let parts = farmer.parts
        let cycle = Cycle(
            name: "registration with payers", interval: min(Self.retryPause, parts.settings.registrationInterval),
            startsImmediately: true, sleeper: sleeper, clock: parts.clock, logger: parts.logger,
            work: { [self] in try await work() })
        wake.withLock { $0 = { [weak cycle] in cycle?.trigger() } }
        return cycle
    }

    private func notice() {
        isChanged.withLock { $0 = true }
        wake.withLock { $0 }()
    }

    /// Registers wherever it is due. One satellite that fails does not keep others from being asked.
    package func work() async throws {
        try await farmer.renewSheet()
        let isForced = isChanged.withLock { changed in
            defer { changed = false }
            return changed
        }
        for satellite in farmer.parts.trust.activeSatellites {
            let payer = try await farmer.book.payer(satellite.id)
            if isForced || isDue(payer) { try await register(satellite) }
        }
    }

    private func isDue(_ payer: Payer) -> Bool {
        guard let registered = payer.registeredAt, payer.problem == nil, payer.refusal == nil else { return true }
        let now = farmer.parts.clock.now()
        return now.duration(since: registered) >= farmer.settings.registrationInterval || now < registered
    }

    /// Asks a satellite for its manifest and registers with it; what goes wrong is noted.
    ///
    /// - Throws: `DatabaseError`, `CancellationError`.
    package func register(_ satellite: NodeURL) async throws {
        var payer = try await farmer.book.payer(satellite.id)
        payer.checkedAt = farmer.parts.clock.now()
        do {
            let connection = try await farmer.parts.dialer.connect(to: satellite)
            try await ask(connection, &payer)
            if payer.refusal == nil { try await tell(connection, &payer) }
        } catch let error as RPCStatusError where error.code == .unimplemented || error.code == .unknown {
            // Whoever does not know the question does not publish what it stands for, and that can change.
            if payer.manifest == nil { payer.refusal = "it does not say that it accepts STORJ" }
            payer.problem = error.message
        } catch let error as DatabaseError {
            throw error
        } catch {
            try Task.checkCancellation()
            payer.problem = "\(error)"
        }
        try await farmer.book.save(payer)
        try await farmer.refreshStanding(of: satellite.id)
        if let problem = payer.problem ?? payer.refusal {
            farmer.parts.logger.warning(
                "registration with a satellite failed", metadata: ["satellite": "\(satellite.id)", "reason": "\(problem)"])
        }
    }

    // MARK: Steps

    private func ask(_ connection: any RPCConnection, _ payer: inout Payer) async throws {
        let answer = try await connection.call(MarketMethods.manifest, Market_ManifestRequest())
        let signed: SignedManifest
        do { signed = try SignedManifest(encoded: Array(answer.manifest)) } catch {
            payer.refusal = "its manifest cannot be read: \(error)"
            return
        }
        payer.refusal = ManifestCheck.refusal(
            signed, of: payer.satellite, known: payer.manifest, ledger: farmer.backend.description, now: farmer.seconds)
        if payer.refusal == nil { payer.manifest = signed.manifest }
    }

    private func tell(_ connection: any RPCConnection, _ payer: inout Payer) async throws {
        var request = Market_RegisterRequest()
        request.binding = Data(try await farmer.binding().encoded)
        guard let sheet = farmer.sheet else { return }
        request.priceSheet = Data(sheet.encoded)
        if let id = payer.channel?.id, let voucher = try await farmer.heldVoucher(of: id) {
            request.voucher = Data(voucher)
        }
        let answer = try await connection.call(MarketMethods.register, request)
        payer.problem = answer.refusal.isEmpty ? nil : String(answer.refusal.prefix(500))
        if answer.refusal.isEmpty { payer.registeredAt = farmer.parts.clock.now() }
        if answer.sheetSequence > 0 {
            try await farmer.book.confirm(
                sequence: answer.sheetSequence, since: answer.sheetFrom, by: payer.satellite)
        }
        try await take(answer, &payer)
    }

    /// Takes the way of payment, as far as it can be believed.
    private func take(_ answer: Market_RegisterResponse, _ payer: inout Payer) async throws {
        switch answer.payment {
        case .root:
            payer.payment = .root
        case .channel:
            guard let manifest = payer.manifest else { return }
            // What the node may already have been promised stays as it is when this channel is none.
            do {
                let channel = try Channel(encoded: Array(answer.channel))
                try ChannelRefusal.check(
                    channel, farmer: farmer.keys.wallet, payer: manifest.payer, signer: manifest.signer,
                    minimumChallenge: farmer.settings.minimumChallenge)
                payer.payment = .channel
                payer.channel = channel
                try await farmer.book.save(payer)
                try await farmer.look(at: channel.id)
                try await takeVoucher(Array(answer.voucher), of: channel)
            } catch let error as EthereumError {
                payer.problem = "its channel cannot be read: \(error)"
            } catch let error as ChannelRefusal {
                payer.problem = "its channel is refused: \(error)"
            }
        case .none, .UNRECOGNIZED:
            payer.payment = .none
        }
    }

    /// A node that lost its book gets its newest voucher back; one that has a newer one keeps that.
    private func takeVoucher(_ bytes: [UInt8], of channel: Channel) async throws {
        guard !bytes.isEmpty else { return }
        do {
            // Alone, or with the statement it names.
            let held = try? HeldVoucher(encoded: bytes)
            let voucher = try held?.voucher ?? SignedVoucher(encoded: bytes)
            _ = try await farmer.accept(voucher, channel: channel, payer: nil)
        } catch let error as VoucherRefusal {
            farmer.parts.logger.warning("a satellite's newest voucher is refused", metadata: ["reason": "\(error)"])
        }
    }
}
