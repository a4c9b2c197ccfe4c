import Contracts
import DRPC
import Ethereum
import Foundation
import Identity
import Ledger
import StorageModel
import Synchronization
import Upkeep
import WireMessages

/// Signs what the satellite stands for, and signs it again before it runs out.
final class ManifestKeeper: Sendable {
    private let parts: UpkeepParts
    private let settings: MarketSettings
    private let payment: PaymentParts
    private let current = Mutex<SignedManifest?>(nil)

    init(parts: UpkeepParts, settings: MarketSettings, payment: PaymentParts) {
        self.parts = parts
        self.settings = settings
        self.payment = payment
    }

    func register(in router: inout RPCRouter) {
        router.unary(MarketMethods.manifest) { _, _ in
            var response = Market_ManifestResponse()
            response.manifest = Data(try await self.manifest().encoded)
            return response
        }
    }

    /// The manifest, no older than half its time; it is published as a file when it is new.
    func manifest() async throws -> SignedManifest {
        let now = UInt64(clamping: parts.clock.now().seconds)
        let limit = settings.payment.manifestSeconds / 2
        if let known = current.withLock({ $0 }), now >= known.manifest.issuedAt, now - known.manifest.issuedAt < limit {
            return known
        }
        let manifest = make(now)
        let digest = manifest.digest
        let signed = SignedManifest(
            manifest: manifest, satelliteSignature: parts.identity.sign(digest.bytes),
            signerSignature: try await payment.signer.sign(digest))
        try await Self.publish(signed, folder: payment.folder)
        current.withLock { $0 = signed }
        return signed
    }

    @concurrent private static func publish(_ manifest: SignedManifest, folder: String) async throws {
        try HeartbeatFolder.create(folder)
        try HeartbeatFolder.write(manifest.encoded, to: "\(folder)/\(PublishedFiles.manifest)")
    }

    private func make(_ now: UInt64) -> Manifest {
        let ledger = payment.backend.description
        let payment = settings.payment
        let (until, overflow) = now.addingReportingOverflow(payment.manifestSeconds)
        return Manifest(
            satelliteChain: parts.identity.peer.concatenated, address: self.payment.address, sequence: now, issuedAt: now,
            validUntil: overflow ? .max : until, payer: self.payment.payer.address, signer: self.payment.signer.address,
            tokens: [.storj(chainID: ledger.chainID, contract: ledger.token ?? .zero)],
            settlement: Manifest.Settlement(
                chainID: ledger.chainID, channels: ledger.domains.channels.contract,
                payouts: ledger.domains.payoutsContract, agreements: ledger.domains.agreements.contract),
            customerPrices: payment.customerPrices, nodePrices: payment.nodePrices, fee: payment.fee,
            noticeSeconds: payment.noticeSeconds, periodSeconds: UInt64(clamping: settings.period.components.seconds),
            timeScale: max(1, payment.timeScale))
    }
}
