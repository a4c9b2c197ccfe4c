package import Contracts
import Ethereum
package import Ledger
package import StorageModel

/// Whether a satellite stands for something the farmer can be paid by.
///
/// - Source: economy design §3: every satellite accepts STORJ; §13.
package enum ManifestCheck {
    /// What a second may count for at most, so that a demonstration's clock is possible and nonsense is not.
    static let maximumTimeScale: UInt64 = 1 << 32

    /// Why the farmer does not work for a satellite with this manifest; nil when it does.
    ///
    /// - Parameters:
    ///   - signed: as the satellite sent it.
    ///   - known: the newest one the node has seen.
    ///   - ledger: where the node's own money is.
    ///   - now: seconds since 1970.
    package static func refusal(
        _ signed: SignedManifest, of satellite: NodeID, known: Manifest?, ledger: SettlementDescription, now: UInt64
    ) -> String? {
        do { try signed.verify(satellite: satellite, now: now) } catch { return "its manifest does not count: \(error)" }
        let manifest = signed.manifest
        if let known, known.sequence > manifest.sequence {
            return "its manifest is number \(manifest.sequence), and number \(known.sequence) was published before"
        }
        guard manifest.acceptsSTORJ else { return "it does not accept STORJ" }
        guard let settlement = manifest.settlement else { return "it does not say on which ledger it pays" }
        guard settlement.chainID == ledger.chainID else {
            return "it pays on chain \(settlement.chainID), and this node is paid on chain \(ledger.chainID)"
        }
        guard settlement.domains == ledger.domains else { return "it pays by other contracts than this node's" }
        guard manifest.settlesInSTORJ, isToken(of: manifest, on: ledger) else {
            return "it does not pay in the STORJ token this node is paid in"
        }
        guard manifest.payer != .zero, manifest.signer != .zero else { return "it names nobody who pays" }
        guard (1...maximumTimeScale).contains(manifest.timeScale) else { return "its seconds count for nothing known" }
        return nil
    }

    private static func isToken(of manifest: Manifest, on ledger: SettlementDescription) -> Bool {
        guard let token = ledger.token else { return true }
        return manifest.tokens.contains {
            $0.symbol == "STORJ" && $0.chainID == ledger.chainID && $0.contract == token
        }
    }
}
