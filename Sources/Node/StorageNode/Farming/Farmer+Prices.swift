package import Contracts
import Ethereum
import Identity
import Logging
import StorageModel

/// What a new price sheet means.
package struct PriceChange: Hashable, Sendable {
    /// The sheet that was signed.
    package let sheet: SignedPriceSheet
    /// From when a rise holds, seconds since 1970; nil when nothing rises, or nothing was asked before.
    package let risesAt: UInt64?
}

extension Farmer {
    /// The sheet is renewed when less than this part of its time is left.
    private static let renewalPart = 10

    /// Asks other prices from now on; rises hold after the notice only, and never backwards.
    ///
    /// - Parameter validity: how long the sheet holds; nil for the settings' time.
    /// - Throws: `FarmingError.badPrices`, `DatabaseError`.
    package func setPrices(_ prices: FarmerPrices, validity: Duration? = nil) async throws -> PriceChange {
        let validity = validity ?? settings.sheetValidity
        guard prices.isSound else { throw FarmingError.badPrices("a price is above a million STORJ") }
        guard validity >= .seconds(60), validity <= .seconds(10 * 366 * 86400) else {
            throw FarmingError.badPrices("a sheet holds for a minute at least and for ten years at most")
        }
        let rises = sheet(at: seconds).map { prices.rises(over: FarmerPrices($0.sheet)) } ?? false
        let from = rises ? seconds + UInt64(clamping: settings.notice.components.seconds) : seconds
        let signed = try await sign(prices, from: from, validity: validity)
        return PriceChange(sheet: signed, risesAt: rises ? from : nil)
    }

    /// Signs a new sheet when there is none, when the keys are others, or when the newest ends soon.
    func renewSheet() async throws {
        guard let newest = sheet else {
            _ = try await sign(settings.firstPrices, from: seconds, validity: settings.sheetValidity)
            return
        }
        let (sheet, now) = (newest.sheet, seconds)
        let rest = sheet.validUntil > now ? sheet.validUntil - now : 0
        let isOurs =
            sheet.farmer == keys.wallet && sheet.node == parts.identity.id
            && newest.signature.isSigned(newest.digest, by: keys.hotKey.address)
        guard !isOurs || rest < (sheet.validUntil - min(sheet.validFrom, sheet.validUntil)) / UInt64(Self.renewalPart) else {
            return
        }
        // The same prices again rise nothing, so they hold at once; a rise that waits goes on waiting.
        _ = try await sign(FarmerPrices(sheet), from: max(now, sheet.validFrom), validity: settings.sheetValidity)
    }

    private func sign(_ prices: FarmerPrices, from: UInt64, validity: Duration) async throws -> SignedPriceSheet {
        let (keys, node) = (keys, parts.identity.id)
        let until = from + UInt64(clamping: validity.components.seconds)
        let signed = try await book.addSheet(atLeast: seconds) { sequence in
            prices.sheet(farmer: keys.wallet, node: node, from: from, until: until, sequence: sequence)
                .signed(by: keys.hotKey)
        }
        add(signed)
        parts.logger.notice(
            "a price sheet was signed", metadata: ["sequence": "\(signed.sheet.sequence)", "from": "\(from)"])
        return signed
    }

    /// The binding of node, wallet and signing key that holds now; signed anew when keys changed or its time runs out.
    ///
    /// - Throws: `DatabaseError`.
    package func binding() async throws -> SignedWalletBinding {
        let now = seconds
        let known = try await book.binding()
        let validity = UInt64(clamping: settings.bindingValidity.components.seconds)
        if let known, known.binding.node == parts.identity.id, known.binding.wallet == keys.wallet,
            known.binding.signer == keys.hotKey.address, (known.walletSignature != nil) == (keys.walletKey != nil),
            known.binding.validUntil > now + validity / UInt64(Self.renewalPart)
        {
            return known
        }
        // Numbers follow the time: also a node that lost its book says something newer than before.
        let sequence = max(now, (known?.binding.sequence ?? 0) + 1)
        let binding = WalletBinding(
            node: parts.identity.id, wallet: keys.wallet, signer: keys.hotKey.address, sequence: sequence,
            validUntil: now + validity
        ).signed(by: parts.identity, signer: keys.hotKey, wallet: keys.walletKey)
        try await book.add(binding)
        return binding
    }
}
