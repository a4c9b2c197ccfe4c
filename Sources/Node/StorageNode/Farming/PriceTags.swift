import Contracts
import Foundation
import Identity
import Ledger
import StorageModel
package import WireMessages

/// The farmer's prices as satellites of other makers read them: facts about a node that it signs itself.
///
/// Values are dollars in decimal digits, `storage_price` for a TB-month of 720 hours, the others for a TB.
/// - Source: economy design §2, farmers' own prices.
package enum PriceTags {
    /// The prices in force with the node's signature; none when they are in STORJ and nobody knows what that is in dollars.
    package static func signed(_ farmer: Farmer) async -> Node_SignedNodeTagSets {
        var sets = Node_SignedNodeTagSets()
        guard let sheet = farmer.sheet(at: farmer.seconds), let dollars = await dollars(sheet.sheet, farmer) else {
            return sets
        }
        var set = Node_NodeTagSet()
        set.nodeID = Data(farmer.parts.identity.id.bytes)
        set.signedAt = Int64(clamping: farmer.seconds)
        set.tags = dollars.map { name, micro in
            var tag = Node_NodeTagSet.Tag()
            tag.name = name
            tag.value = Data(text(micro).utf8)
            return tag
        }
        // A message of short fields always encodes.
        guard let bytes = try? set.encoded() else { return sets }
        var signed = Node_SignedNodeTagSet()
        signed.serializedTag = Data(bytes)
        signed.signerNodeID = Data(farmer.parts.identity.id.bytes)
        signed.signature = Data(farmer.parts.identity.sign(bytes))
        sets.tags = [signed]
        return sets
    }

    private static func dollars(_ sheet: PriceSheet, _ farmer: Farmer) async -> [(String, UInt64)]? {
        let prices: [(String, UInt64)] = [
            ("storage_price", sheet.storageTBMonth), ("egress_price", sheet.egressTB), ("repair_price", sheet.repairTB),
            ("audit_price", sheet.auditTB),
        ]
        guard sheet.denomination == .storj else { return prices }
        // Without a price of STORJ there is nothing to export; our own satellites read the sheet itself.
        guard let quote = try? await farmer.quotes.quote(at: farmer.seconds) else { return nil }
        var dollars: [(String, UInt64)] = []
        for (name, units) in prices {
            guard let amount = quote.usd(for: TokenAmount(units)) else { return nil }
            dollars.append((name, UInt64(clamping: amount.micro)))
        }
        return dollars
    }

    /// `1.5` for 1 500 000 millionths.
    static func text(_ micro: UInt64) -> String {
        var decimals = String(micro % 1_000_000)
        decimals = String(repeating: "0", count: 6 - decimals.count) + decimals
        while decimals.hasSuffix("0") { decimals.removeLast() }
        return decimals.isEmpty ? "\(micro / 1_000_000)" : "\(micro / 1_000_000).\(decimals)"
    }
}
